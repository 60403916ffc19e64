import { expect, test } from 'vitest';
import { reportService } from '../../src/cli/controller/health-report.js';
import type { ServiceHealthReport } from '../../src/cli/controller/health-report.js';
import { healthColumns } from '../../src/cli/output/health-columns.js';
import { serviceHealthLines } from '../../src/cli/output/health-text.js';
import { NOTHING_ADVISED } from '../../src/health/index.js';
import type { Advised } from '../../src/health/index.js';
import type { CheckHealth, ServerHealth } from '../../src/reconcile/index.js';
import { server } from './table.js';
import { snapshotWith } from './controller-snapshot.js';

const A = '192.168.0.1';

/** A service with one server that is asked in these ways, and told these things of. */
function reportOf(weight: number, ...told: readonly (readonly [CheckHealth['type'], Partial<Advised>])[]) {
  const checks = told.map(([type, advised]): CheckHealth => {
    const verdict = { code: 'L7OK', message: '', latencyMilliseconds: 1 } as const;
    const isPassing = advised.state !== 'Down';
    const all = Object.keys(advised).length === 0 ? NOTHING_ADVISED : { ...NOTHING_ADVISED, ...advised };
    return { type, isPassing, contrary: 0, sinceMilliseconds: 0, verdict, advised: all };
  });
  const isPassing = checks.every((check) => check.isPassing);
  const health: ServerHealth = {
    ...{ server: server(A, 80, { weight: 10 }), role: 'Real', weight, isPassing, isDrained: false, checks },
    sinceMilliseconds: 0,
  };
  const report = reportService(
    {
      ...{ service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web', healthy: 1, total: 1 },
      ...{ hasQuorum: true, isSorry: false, isLeaving: false, keepsClients: false, servers: [health] },
    },
    (milliseconds) => new Date(milliseconds).toISOString(),
  );
  return JSON.parse(JSON.stringify(report)) as ServiceHealthReport;
}

function lineOf(report: ServiceHealthReport): string | undefined {
  const { health } = snapshotWith();
  const lines = serviceHealthLines({ ...health, otherServices: 1, services: [report] }, () => '5 s');
  return lines.find((line) => line.includes(A));
}

test.each<readonly [string, ServiceHealthReport, string]>([
  [
    'a share of its weight',
    reportOf(5, ['Agent', { weight: { kind: 'Percent', percent: 50 } }]),
    'weight 5 instead of 10, passes; Agent says 50%',
  ],
  [
    'another weight',
    reportOf(7, ['HTTP', { weight: { kind: 'Absolute', weight: 7 } }], ['TCP', {}]),
    'weight 7 instead of 10, passes; HTTP says weight 7',
  ],
  [
    'several things',
    reportOf(
      0,
      ['Agent', { mode: 'Drain', weight: { kind: 'Percent', percent: 20 } }],
      ['Exec', { weight: { kind: 'Absolute', weight: 3 } }],
    ),
    'weight 0 instead of 10, passes; Agent says drain and 20%, Exec says weight 3',
  ],
  [
    'that it is down',
    reportOf(0, ['Agent', { state: 'Down' }]),
    'weight 0 instead of 10, fails: L7OK for 5 s; Agent says down',
  ],
  ['nothing', reportOf(1, ['TCP', {}]), 'weight 1 instead of 10, passes'],
])('status shows what is said of a server: %s', (_, report, expected) => {
  expect(lineOf(report)).toBe(`  ${A}:80: ${expected}`);
});

test('as JSON it is with the check that heard it, and absent where nothing is said', () => {
  const { servers } = reportOf(5, ['Agent', { weight: { kind: 'Percent', percent: 50 } }], ['TCP', {}]);
  expect(servers[0]?.checks).toEqual([
    expect.objectContaining({
      ...{ type: 'Agent', advised: { state: 'Up', mode: 'Ready', weight: { kind: 'Percent', percent: 50 } } },
    }),
    {
      type: 'TCP',
      isPassing: true,
      since: '1970-01-01T00:00:00.000Z',
      code: 'L7OK',
      latencyMilliseconds: 1,
      message: '',
    },
  ]);
});

test('get shows it behind the columns', () => {
  const report = reportOf(5, ['Agent', { weight: { kind: 'Percent', percent: 50 } }]);
  const columns = healthColumns(new Map([[report.service, report]]), 5000);
  expect(columns.ofService(report.service)?.ofServer(server(A, 80))).toMatchObject({ note: 'Agent says 50%' });
});
