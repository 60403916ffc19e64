import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createApiClient,
  createClusterSource,
  findCluster,
  SYSTEM_PACING,
} from '../../src/adapters/kubernetes/index.js';
import type { ApiClient } from '../../src/adapters/kubernetes/index.js';
import { realServerKeyText } from '../../src/model/index.js';
import { createController, SYSTEM_CLOCK } from '../../src/reconcile/index.js';
import type { Controller } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';
import { memoryInventory } from '../reconcile/memory-inventory.js';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';

// The source of declared objects against a real API server, into a fake kernel.

const NODE = 'node-a';

let server: ApiServer;
let client: ApiClient;
let kernel: FakeKernel;
let controller: Controller;
let ending: AbortController;
let running: Promise<void>;

beforeAll(async () => {
  server = await startApiServer();
  await apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE, labels: { role: 'edge' } } });
  await server.kubectl(['create', 'namespace', 'shop']);
});

afterAll(() => server.close());

beforeEach(async () => {
  client = createApiClient({
    config: await findCluster({ kubeconfig: server.kubeconfig('director'), environment: {} }),
  });
  kernel = createFakeKernel();
  ending = new AbortController();
  controller = createController({
    kernel,
    inventory: memoryInventory(),
    sources: [createClusterSource({ client, nodeName: NODE, pacing: SYSTEM_PACING })],
    surroundings: { nodeLabels: { kind: 'Awaited' } },
    options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    observe: () => undefined,
  });
  running = controller.run(ending.signal);
});

afterEach(async () => {
  ending.abort();
  await running;
  client.close();
  await server.request('DELETE', '/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices');
});

async function apply(...objects: readonly object[]): Promise<void> {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { status, stderr } = await server.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
  expect(status, stderr).toBe(0);
}

function web(name: string, address: string, more: object = { realServers: [{ address: '192.168.0.1' }] }): object {
  return {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop' },
    spec: { addresses: [address], ports: [{ name: 'http', port: 80 }], ...more },
  };
}

async function expectTable(expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await vi.waitFor(
    async () => {
      const services = await kernel.readTable();
      const found = [...services].map(([key, service]) => [
        key,
        [...service.servers.values()].map((one) => `${realServerKeyText(one)} ${one.weight}`).sort(),
      ]);
      expect(Object.fromEntries(found)).toEqual(expected);
    },
    { timeout: 60_000, interval: 20 },
  );
}

const untilState = (kind: string) =>
  vi.waitFor(
    () => {
      expect(controller.snapshot().sources[0]?.state.kind).toBe(kind);
    },
    { timeout: 60_000, interval: 20 },
  );

describe('with a real API server', () => {
  it('what kubectl applies, edits and deletes is in the kernel', async () => {
    await apply(web('web', '10.0.0.1'));
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    await untilState('Complete');
    await apply(web('web', '10.0.0.1', { realServers: [{ address: '192.168.0.1', weight: 5 }] }));
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 5'] });
    await server.kubectl(['delete', 'virtualservices.ipvs-operator.io', 'web', '-n', 'shop']);
    await expectTable({});
  });

  it('the labels of the node and endpoint slices are followed', async () => {
    const slice = (...addresses: readonly string[]): object => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    });
    const found = { realServersFrom: [{ endpointSlices: { serviceName: 'web' } }] };
    await apply(
      slice('10.1.0.1'),
      web('web', '10.0.0.1', { ...found, nodeSelector: { matchLabels: { role: 'edge' } } }),
      web('core', '10.0.0.2', { nodeSelector: { matchLabels: { role: 'core' } } }),
    );
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1'] });
    await apply(slice('10.1.0.1', '10.1.0.2'));
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1', '10.1.0.2:8080 1'] });
    await server.kubectl(['label', 'node', NODE, 'role=core', '--overwrite']);
    await expectTable({ 'TCP 10.0.0.2:80': [] });
    await server.kubectl(['label', 'node', NODE, 'role=edge', '--overwrite']);
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1', '10.1.0.2:8080 1'] });
  });

  it('a server that crashes and comes back is followed on', async () => {
    await apply(web('web', '10.0.0.1'));
    await untilState('Complete');
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    await server.stop();
    await untilState('Away');
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    await server.start();
    await apply(web('other', '10.0.0.2'));
    const same = ['192.168.0.1:80 1'];
    await expectTable({ 'TCP 10.0.0.1:80': same, 'TCP 10.0.0.2:80': same });
    await untilState('Complete');
  });

  it('a list of many pages is told whole', async () => {
    const objects = Array.from({ length: 1200 }, (_, i) => web(`many-${i}`, `10.2.${i >> 8}.${i & 255}`));
    for (let i = 0; i < objects.length; i += 300) await apply(...objects.slice(i, i + 300));
    controller.refresh();
    await vi.waitFor(
      async () => {
        expect((await kernel.readTable()).size).toBe(1200);
      },
      { timeout: 60_000, interval: 50 },
    );
  });

  it('only what RBAC has to allow is asked for', () => {
    const asked = new Set(
      server.requests('director').map(({ verb, group, resource }) => `${verb} ${group}/${resource}`),
    );
    const resources = [
      '/namespaces',
      '/nodes',
      'discovery.k8s.io/endpointslices',
      'ipvs-operator.io/directors',
      'ipvs-operator.io/virtualservices',
    ];
    expect([...asked].sort()).toEqual(
      ['list', 'watch'].flatMap((verb) => resources.map((resource) => `${verb} ${resource}`)),
    );
  });
});
