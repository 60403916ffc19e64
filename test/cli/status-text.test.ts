import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../src/cli/controller/status-report.js';
import { statusLines } from '../../src/cli/output/status-text.js';
import { KernelError } from '../../src/errors/index.js';
import type { ControllerSnapshot } from '../../src/reconcile/index.js';
import { snapshotWith } from './controller-snapshot.js';

const NOW = new Date('2026-01-05T10:00:10.000Z');

function linesOf(fields: Partial<ControllerSnapshot> = {}): readonly string[] {
  const startedAt = new Date('2026-01-05T10:00:00.000Z');
  const report = reportStatus(snapshotWith(fields), { version: '1.2.3', pid: 7, now: NOW, startedAt });
  // What is printed has been through the socket.
  return [...statusLines(JSON.parse(JSON.stringify(report)) as typeof report)];
}

const noScheduler = new KernelError({
  code: 'ENOENT',
  errno: 2,
  operation: 'add service TCP 10.0.0.1:80',
  detail: 'no such file or folder',
});

describe('the status for people', () => {
  it('is short where everything is in order', () => {
    expect(linesOf()).toEqual([
      'ipvs-operator 1.2.3, pid 7, has been running for 10.0 s',
      '',
      'Kernel      reachable',
      'Services    3 wanted: 3 in line, 0 out of line, 0 to be looked at',
      'In kernel   4 services with 7 real servers, 3 ours',
      'Last round  988 ms ago: everything, 0 operations, in 12 ms',
      '',
      'SOURCE                    STATE     SINCE        UNITS   BROKEN',
      'files /etc/ipvs-operator  Complete  9.0 s        2       0',
    ]);
  });

  it('says what stands in for a source that is away, and how old it is', () => {
    const savedAt = NOW.getTime() - 180_000;
    const cache = { savedAt, isOfEarlierBoot: true, unitCount: 12 };
    const [source] = snapshotWith({}).sources;
    if (source === undefined) throw new Error('there is no source');
    const lines = linesOf({ sources: [{ ...source, state: { kind: 'Away', reason: 'no route', cache } }] });
    expect(lines.slice(-2)).toEqual([
      '  no route',
      '  12 units as kept 3 min 0 s ago, before the host was started anew; nothing is removed meanwhile',
    ]);
  });

  it('names what the kernel refuses, why, and when it is tried again', () => {
    const lines = linesOf({
      failing: [
        {
          key: 'TCP 10.0.0.1:80',
          object: 'VirtualService shop/web',
          error: noScheduler,
          attempts: 3,
          nextTryMilliseconds: 14_000,
        },
      ],
    });
    expect(lines).toContain('Services    3 wanted: 2 in line, 1 out of line, 0 to be looked at');
    expect(lines).toContain(
      '  TCP 10.0.0.1:80 of shop/web: add service TCP 10.0.0.1:80: no such file or folder (tried 3 times, next try in 4.0 s)',
    );
  });

  it('names what is held back, and how to let it go', () => {
    const removals = { obstacles: [], deferred: [], heldBack: ['TCP 10.0.0.1:80', 'TCP 10.0.0.2:80'] };
    const lines = linesOf({ removals });
    expect(lines.slice(-4)).toEqual([
      'Held back: 2 services would go, which is more than may go at once:',
      '  TCP 10.0.0.1:80',
      '  TCP 10.0.0.2:80',
      '  `systemctl reload ipvs-operator`, or SIGHUP to the process, lets them go.',
    ]);
  });

  it('names what is broken with its place, and why a source is away', () => {
    const lines = linesOf({
      sources: [
        {
          name: 'files /etc/x',
          state: { kind: 'Away', reason: '/etc/x: no such file or folder' },
          sinceMilliseconds: 0,
          isComplete: false,
          unitCount: 0,
          brokenUnits: [],
        },
      ],
      issues: [
        {
          path: 'spec.sheduler',
          reason: 'UnknownField',
          message: 'unknown',
          location: { file: '/etc/x/web.yaml', line: 3, column: 5 },
        },
      ],
    });
    expect(lines).toContain('files /etc/x  Away      10.0 s       0       0');
    expect(lines).toContain('  /etc/x: no such file or folder');
    expect(lines).toContain('  /etc/x/web.yaml:3:5: spec.sheduler: unknown');
  });

  it('says since when the kernel is out of reach, and what helps', () => {
    const error = new KernelError({ code: 'NOIPVS', errno: 0, operation: 'read the table', detail: 'no IPVS' });
    const lines = linesOf({
      kernel: { kind: 'Unreachable', error, attempts: 2, nextTryMilliseconds: 11_000 },
      lastRound: null,
      lastFullRound: null,
    });
    expect(lines[2]).toMatch(/^Kernel {6}out of reach: .*ip_vs.* \(tried 2 times, next try in 1\.0 s\)\n.*modprobe/);
    expect(lines).toContain('Last round  none yet');
  });
});
