import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/adapters/log/index.js';
import { EventLog } from '../../src/cli/controller/event-log.js';
import { KernelError } from '../../src/errors/index.js';
import type { Issue } from '../../src/errors/index.js';
import type { Change } from '../../src/plan/index.js';
import type { ControllerEvent, ConvergeReport } from '../../src/reconcile/index.js';
import { server, service, tcp } from './table.js';
import { NOTHING_TO_DO } from '../plan/states.js';

function openLog(): { readonly observe: (event: ControllerEvent) => void; readonly take: () => readonly string[] } {
  const lines: string[] = [];
  const log = createLog({ format: 'text', hasTime: false, write: (line) => lines.push(line.trimEnd()) });
  const events = new EventLog(log, 'text');
  return {
    observe: (event) => {
      events.observe(event);
    },
    take: () => lines.splice(0),
  };
}

const key = tcp('10.0.0.1', 80);
const object = 'VirtualService shop/web';
const edit: Change = {
  operation: { kind: 'EditServer', key, server: server('192.168.0.1', 80, { weight: 2 }) },
  before: { server: server('192.168.0.1', 80) },
  object,
};
const { settings } = service(key, { scheduler: 'wrr' });

function round(fields: Partial<ConvergeReport> = {}, drift: readonly Change[] = []): ControllerEvent {
  const report: ConvergeReport = {
    plan: NOTHING_TO_DO,
    done: [],
    failures: [],
    skipped: [],
    cancelled: 0,
    problems: [],
    rounds: 1,
    durations: { readMilliseconds: 0, planMilliseconds: 0, applyMilliseconds: 1 },
    ...fields,
  };
  return { kind: 'RoundFinished', round: { kind: 'Full', keyCount: 1, report, drift } };
}

describe('the log', () => {
  it('has a line for each change, in words', () => {
    const { observe, take } = openLog();
    const changes: readonly Change[] = [
      { operation: { kind: 'AddService', key, settings }, object },
      { operation: { kind: 'AddServer', key, server: server('192.168.0.1', 80) }, object },
      edit,
      { operation: { kind: 'DeleteServer', key, server: { address: '192.168.0.1', port: 80 } }, object },
      { operation: { kind: 'DeleteService', key }, before: { serverCount: 1 }, object },
      { operation: { kind: 'DeleteService', key } },
    ];
    observe(round({ done: changes }));
    expect(take()).toEqual([
      'INFO  service shop/web (TCP 10.0.0.1:80): added, scheduler wrr',
      'INFO  real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): added, forwarding Masquerade, weight 1',
      'INFO  real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): weight 1 -> 2',
      'INFO  real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): removed',
      'INFO  service shop/web (TCP 10.0.0.1:80): removed with 1 real server',
      'INFO  service TCP 10.0.0.1:80: removed',
    ]);
  });

  it('has one line for many changes', () => {
    const { observe, take } = openLog();
    observe(round({ done: Array.from({ length: 1000 }, () => edit) }, [edit]));
    expect(take()).toEqual([
      'INFO  1000 changes in 1 ms, 1 of them to repair what another program did: real servers 0 added, 1000 changed, 0 removed',
    ]);
  });

  it('tells repairs apart from what was declared', () => {
    const { observe, take } = openLog();
    observe(round({ done: [edit] }, [edit]));
    expect(take()[0]).toMatch(/^WARN {2}repaired what another program did: real server/);
  });

  it('tells a failure once, and again when it is another one, or came back', () => {
    const { observe, take } = openLog();
    const failing = (detail: string): ControllerEvent => {
      const error = new KernelError({ code: 'EINVAL', errno: 22, operation: 'edit', detail });
      return round({ failures: [{ change: edit, error }] });
    };
    observe(failing('no'));
    expect(take()).toEqual(['ERROR VirtualService shop/web: edit: no']);
    observe(failing('no'));
    expect(take()).toEqual([]);
    observe(failing('never'));
    expect(take()).toHaveLength(1);
    observe(round({ done: [edit] }));
    take();
    observe(failing('never'));
    expect(take()).toHaveLength(1);
  });

  it('tells each fault once, the first twenty, and when all are mended', () => {
    const { observe, take } = openLog();
    const issue = (n: number): Issue => ({ path: '', reason: 'Syntax', message: `fault ${n}` });
    observe({ kind: 'Issues', issues: [] });
    expect(take()).toEqual([]);
    observe({ kind: 'Issues', issues: [issue(1)] });
    expect(take()).toEqual(['WARN  fault 1 (its last good state stays)']);
    observe({ kind: 'Issues', issues: Array.from({ length: 31 }, (_, n) => issue(n + 1)) });
    const lines = take();
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('WARN  and 10 more of the same kind; ipvs-operator status has them');
    observe({ kind: 'Issues', issues: [] });
    expect(take()).toEqual(['INFO  nothing is broken any more']);
  });

  it('tells that the kernel is out of reach once, with what helps, and when it is back', () => {
    const { observe, take } = openLog();
    const error = new KernelError({ code: 'NOIPVS', errno: 0, operation: 'read the table', detail: 'no IPVS' });
    observe({ kind: 'RoundFailed', error, retryMilliseconds: 1000 });
    observe({ kind: 'RoundFailed', error, retryMilliseconds: 2000 });
    observe({ kind: 'KernelReachable' });
    expect(take()).toEqual([
      expect.stringMatching(
        /^ERROR the kernel module ip_vs is not loaded \(.*modprobe.*\); the next try is in 1\.0 s$/,
      ),
      'INFO  the kernel answers again',
    ]);
  });

  it('as JSON has one object a line, with what programs look for', () => {
    const lines: string[] = [];
    const log = createLog({ format: 'json', hasTime: true, write: (line) => lines.push(line) });
    new EventLog(log, 'json').observe(round({ done: [edit] }));
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      message: 'real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80): weight 1 -> 2',
      operation: 'EditServer',
      key: 'TCP 10.0.0.1:80',
      server: '192.168.0.1:80',
      object,
    });
  });

  it('as JSON has each of many changes, in order, without stopping the loop for all of them', async () => {
    const lines: string[] = [];
    const log = createLog({ format: 'json', hasTime: true, write: (line) => lines.push(line) });
    const events = new EventLog(log, 'json');
    const changes = Array.from({ length: 1000 }, (_, i): Change => ({
      operation: { kind: 'DeleteServer', key, server: { address: '192.168.0.1', port: i + 1 } },
      object,
    }));
    events.observe(round({ done: changes }, changes.slice(-1)));
    expect(lines.length).toBeLessThan(500);
    events.observe(round({ done: [edit] }));
    await events.written();
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed[0]).toMatchObject({ operations: 1000, drift: 1 });
    const servers = parsed.slice(1).map((line) => line['server']);
    expect(servers).toEqual([...changes.map((_, i) => `192.168.0.1:${i + 1}`), '192.168.0.1:80']);
    expect(parsed.at(-2)).toMatchObject({ level: 'warn', operation: 'DeleteServer', drift: true });
  });
});
