import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/adapters/log/index.js';
import { HealthLog } from '../../src/cli/controller/health-log.js';
import { NOTHING_ADVISED } from '../../src/health/index.js';
import type { CheckMethod } from '../../src/model/index.js';
import type { DrainChange, HealthEvent } from '../../src/reconcile/index.js';
import { target } from '../adapters/probes/servers.js';

function linesOf(...events: readonly HealthEvent[]): readonly string[] {
  const lines: string[] = [];
  const log = new HealthLog(createLog({ format: 'text', hasTime: false, write: (line) => lines.push(line.trimEnd()) }));
  for (const event of events) log.observe(event);
  log.flush();
  return lines;
}

const WEB = { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web' };

function checkChange(method: CheckMethod, port: number): HealthEvent {
  const verdict = { code: 'L4TOUT', message: 'no answer in time', latencyMilliseconds: 2000 } as const;
  const state = { isPassing: false, contrary: 0, sinceMilliseconds: 0, verdict, advised: NOTHING_ADVISED };
  return { kind: 'ChecksChanged', changes: [{ target: target(method, port), state, services: [WEB.service] }] };
}

const drain = (server: string | null, step: DrainChange['step']): DrainChange => ({ ...WEB, server, step });

describe('the log of health', () => {
  it('says in one line that sorry servers stand in for a lost quorum', () => {
    expect(
      linesOf(
        { kind: 'QuorumChanged', ...WEB, holds: false, hasSorryServers: true },
        { kind: 'SorryServers', ...WEB, areInUse: true },
        { kind: 'QuorumChanged', ...WEB, holds: true, hasSorryServers: true },
        { kind: 'SorryServers', ...WEB, areInUse: false },
      ),
    ).toEqual([
      'WARN  service shop/web (TCP 10.0.0.1:80): the quorum is lost, and sorry servers stand in',
      'INFO  service shop/web (TCP 10.0.0.1:80): sorry servers stand in no more',
    ]);
  });

  it('says that a quorum is lost where nobody stands in, and when it is back', () => {
    expect(
      linesOf(
        { kind: 'QuorumChanged', ...WEB, holds: false, hasSorryServers: false },
        { kind: 'QuorumChanged', ...WEB, holds: true, hasSorryServers: false },
      ),
    ).toEqual([
      'WARN  service shop/web (TCP 10.0.0.1:80): the quorum is lost, and nobody stands in',
      'INFO  service shop/web (TCP 10.0.0.1:80): the quorum is back',
    ]);
  });

  it('tells of drains how they begin and end', () => {
    const changes = [
      drain('192.168.0.1:80', 'Began'),
      drain(null, 'ConnectionsEnded'),
      drain('192.168.0.1:80', 'TimeIsUp'),
      drain(null, 'Cancelled'),
    ];
    expect(linesOf({ kind: 'DrainsChanged', changes })).toEqual([
      'INFO  real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): drains: no new connections, and those that it has go on',
      'INFO  service shop/web (TCP 10.0.0.1:80): has drained: its connections have ended',
      'INFO  real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): has drained for as long as it may, and goes with the connections that are left',
      'INFO  service shop/web (TCP 10.0.0.1:80): is declared again, and drains no more',
    ]);
  });

  it('names who was asked, with the port where one was', () => {
    expect(
      linesOf(
        checkChange({ type: 'Ping', payloadBytes: 56 }, 0),
        checkChange({ type: 'TCP', send: '', expect: '' }, 80),
      ),
    ).toEqual([
      'WARN  127.0.0.1: its Ping check fails: L4TOUT no answer in time (TCP 10.0.0.1:80)',
      'WARN  127.0.0.1:80: its TCP check fails: L4TOUT no answer in time (TCP 10.0.0.1:80)',
    ]);
  });

  it('of many services at once it tells the first, and how many there are', () => {
    const lines = linesOf(
      ...Array.from({ length: 1000 }, (_, i) => ({
        kind: 'SorryServers' as const,
        service: `TCP 10.0.0.1:${i}`,
        object: WEB.object,
        areInUse: true,
      })),
    );
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('WARN  and 980 more of the same kind; ipvs-operator status has them');
  });
});
