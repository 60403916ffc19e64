import { expect, test } from 'vitest';
import { createControllerMetrics } from '../../../src/adapters/metrics/index.js';
import type { ControllerEvent, ControllerSnapshot } from '../../../src/reconcile/index.js';
import { snapshotWith } from '../../cli/controller-snapshot.js';

function open(snapshot: () => ControllerSnapshot = () => snapshotWith()) {
  const metrics = createControllerMetrics({ version: '1.0.0', nowSeconds: () => 0, snapshot });
  const lines = async (): Promise<readonly string[]> => (await metrics.text()).split('\n');
  return { metrics, lines };
}

const WEB = { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web', server: '192.168.0.1:80' };

test('Servers that fail and pass are counted', async () => {
  const { metrics, lines } = open();
  const changed = (isPassing: boolean): ControllerEvent => ({
    kind: 'ServersChanged',
    changes: [{ ...WEB, isPassing, cause: null }],
  });
  for (const isPassing of [false, true, false]) metrics.observe(changed(isPassing));
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'ipvs_operator_server_transitions_total{to="failing"} 2',
      'ipvs_operator_server_transitions_total{to="passing"} 1',
    ]),
  );
});

test('Probes are counted by their verdicts, and how long they took', async () => {
  const { metrics, lines } = open();
  metrics.noteVerdict('HTTP', { code: 'L7STS', latencyMilliseconds: 7, message: '503' });
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'ipvs_operator_probes_total{type="HTTP",code="L7STS"} 1',
      'ipvs_operator_probe_duration_seconds_bucket{le="0.005",type="HTTP"} 0',
      'ipvs_operator_probe_duration_seconds_bucket{le="0.01",type="HTTP"} 1',
    ]),
  );
});

test('How services are is told as of one moment', async () => {
  const { health } = snapshotWith();
  let looks = 0;
  const { lines } = open(() => {
    looks++;
    const numbers = { checks: 9, failingChecks: 4, servicesWithoutQuorum: 3, sorryServices: 2, departingServices: 1 };
    return snapshotWith({ health: { ...health, ...numbers } });
  });
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'ipvs_operator_checks 9',
      'ipvs_operator_checks_failing 4',
      'ipvs_operator_services_without_quorum 3',
      'ipvs_operator_services_on_sorry_servers 2',
      'ipvs_operator_services_departing 1',
    ]),
  );
  expect(looks).toBe(1);
});
