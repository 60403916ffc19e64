import { describe, expect, it } from 'vitest';
import { writeTrafficMetrics } from '../../../src/adapters/metrics/index.js';
import { serviceFamily } from '../../../src/model/index.js';
import type { ServiceKey } from '../../../src/model/index.js';
import { createFakeKernel } from '../../../src/testing/index.js';
import { server, service, tcp } from '../../cli/table.js';

async function linesOf(keys: readonly ServiceKey[], objectOf: (key: string) => string | undefined): Promise<string[]> {
  const kernel = createFakeKernel({
    services: keys.map((key) => {
      const address = serviceFamily(key) === 'IPv6' ? 'fd00::1' : '192.168.0.1';
      return service(key, {}, [server(address, 8080, { weight: 3 })]);
    }),
  });
  let text = '';
  for await (const piece of writeTrafficMetrics(await kernel.readObservedTable(), objectOf, () => Promise.resolve())) {
    text += piece;
  }
  return text.split('\n');
}

describe('the metrics of traffic', () => {
  it('have the labels of node_exporter and the virtual service', async () => {
    const lines = await linesOf([tcp('10.0.0.1', 80)], (key) => (key === 'TCP 10.0.0.1:80' ? 'shop/web' : undefined));
    const labels = 'local_address="10.0.0.1",local_port="80",proto="TCP",local_mark="",virtual_service="shop/web"';
    expect(lines).toContain(`ipvs_service_connections_total{${labels}} 0`);
    expect(lines).toContain(`ipvs_backend_weight{${labels},remote_address="192.168.0.1",remote_port="8080"} 3`);
  });

  it('say nothing twice, not even of firewall marks of both families', async () => {
    const lines = await linesOf(
      [tcp('10.0.0.1', 80), { firewallMark: 7, family: 'IPv4' }, { firewallMark: 7, family: 'IPv6' }],
      () => undefined,
    );
    const names = lines.filter((line) => line !== '').map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(
      'ipvs_service_connections_total{local_address="",local_port="0",proto="FWM6",local_mark="7",virtual_service=""}',
    );
  });

  it('are in a form that a reader of Prometheus takes', async () => {
    const lines = await linesOf([tcp('2001:db8::1', 443)], () => 'a"b\\c');
    const sample = /^[a-z_]+\{([a-z_]+="([^"\\]|\\.)*",?)+\} -?\d+(\.\d+)?$/;
    for (const line of lines.filter((each) => each !== '' && !each.startsWith('#'))) expect(line).toMatch(sample);
    expect(lines.filter((line) => line.startsWith('# TYPE')).length).toBe(24);
  });
});
