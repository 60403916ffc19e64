import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClusterSource, SYSTEM_PACING } from '../../../src/adapters/kubernetes/index.js';
import { RESOURCE_PATHS } from '../../../src/adapters/kubernetes/resources.js';
import { createController, SYSTEM_CLOCK } from '../../../src/reconcile/index.js';
import type { Controller } from '../../../src/reconcile/index.js';
import { createFakeKernel } from '../../../src/testing/index.js';
import type { FakeKernel } from '../../../src/testing/index.js';
import { realServerKeyText } from '../../../src/model/index.js';
import { memoryInventory } from '../../reconcile/memory-inventory.js';
import { ScriptedCluster } from './scripted-cluster.js';

const NODE = 'node-a';
const { nodes, namespaces, directors, virtualservices, endpointslices } = RESOURCE_PATHS;

let cluster: ScriptedCluster;
let kernel: FakeKernel;
let controller: Controller;
let ending: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  cluster = await ScriptedCluster.start();
  kernel = createFakeKernel();
  ending = new AbortController();
  running = Promise.resolve();
  cluster.put(nodes, { metadata: { name: NODE, labels: { role: 'edge' } } });
  cluster.put(namespaces, { metadata: { name: 'shop', labels: { team: 'web' } } });
});

afterEach(async () => {
  ending.abort();
  await running;
  await cluster.close();
});

function start(): void {
  const source = createClusterSource({
    client: cluster.client,
    nodeName: NODE,
    pacing: {
      ...SYSTEM_PACING,
      sleep: (milliseconds, signal) => SYSTEM_PACING.sleep(Math.min(milliseconds, 20), signal),
    },
  });
  controller = createController({
    kernel,
    inventory: memoryInventory(),
    sources: [source],
    surroundings: { nodeLabels: { kind: 'Awaited' } },
    options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    observe: () => undefined,
  });
  running = controller.run(ending.signal);
}

type Spec = Readonly<Record<string, unknown>>;

function putService(name: string, spec: Spec, metadata: Spec = {}): void {
  cluster.put(virtualservices, {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { ports: [{ name: 'http', port: 80 }], ...spec },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  } as never);
}

function putDirector(name: string, spec: Spec, metadata: Spec = {}): void {
  cluster.put(directors, {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'Director',
    metadata: { name, ...metadata },
    spec,
  } as never);
}

function web(address: string, weight = 1): Spec {
  return { addresses: [address], realServers: [{ address: '192.168.0.1', weight }] };
}

function putSlice(name: string, endpoints: readonly unknown[], more: Spec = {}): void {
  cluster.put(endpointslices, {
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints,
    ...more,
  } as never);
}

const ready = (address: string): unknown => ({ addresses: [address], conditions: { ready: true } });

/** The kernel's table: servers with their weights by service. */
async function table(): Promise<Readonly<Record<string, readonly string[]>>> {
  const services = await kernel.readTable();
  return Object.fromEntries(
    [...services].map(([key, { servers }]) => [
      key,
      [...servers.values()].map((server) => `${realServerKeyText(server)} ${server.weight}`).sort(),
    ]),
  );
}

async function expectTable(expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await vi.waitFor(async () => {
    expect(await table()).toEqual(expected);
  }, 10_000);
}

const untilState = (kind: string) =>
  vi.waitFor(() => {
    expect(controller.snapshot().sources[0]?.state.kind).toBe(kind);
  }, 10_000);

describe('objects of a cluster', () => {
  it('are made so, followed, and removed', async () => {
    putService('web', web('10.0.0.1'));
    start();
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    await untilState('Complete');
    putService('web', web('10.0.0.1', 5));
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 5'] });
    putService('other', web('10.0.0.2'));
    cluster.delete(virtualservices, 'shop/web');
    await expectTable({ 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
  });

  it('that claim the same key: who holds it keeps it, and the older one gets it when it is free', async () => {
    putService('holder', web('10.0.0.1'), { creationTimestamp: '2026-06-01T00:00:00Z' });
    start();
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    putService('younger', web('10.0.0.1', 2), { creationTimestamp: '2026-02-01T00:00:00Z' });
    putService('older', web('10.0.0.1', 3), { creationTimestamp: '2026-01-01T00:00:00Z' });
    await vi.waitFor(() => {
      expect(
        controller
          .snapshot()
          .issues.map(({ object }) => object)
          .sort(),
      ).toEqual(['VirtualService shop/older', 'VirtualService shop/younger']);
    });
    expect(await table()).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    cluster.delete(virtualservices, 'shop/holder');
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 3'] });
  });

  it('that a newer or older version understands otherwise keep their last good state, and nothing goes meanwhile', async () => {
    putService('web', web('10.0.0.1'));
    putService('other', web('10.0.0.2'));
    start();
    await untilState('Complete');
    putService('web', { ...web('10.0.0.1', 7), novelty: true });
    await vi.waitFor(() => {
      expect(controller.snapshot().issues[0]).toMatchObject({
        reason: 'UnknownField',
        object: 'VirtualService shop/web',
      });
    });
    cluster.delete(virtualservices, 'shop/other');
    putService('third', web('10.0.0.3'));
    const kept = ['192.168.0.1:80 1'];
    await expectTable({ 'TCP 10.0.0.1:80': kept, 'TCP 10.0.0.2:80': kept, 'TCP 10.0.0.3:80': kept });
    putService('web', web('10.0.0.1', 7));
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 7'], 'TCP 10.0.0.3:80': kept });
  });

  it('apply where their nodeSelector says, which follows the labels of the node', async () => {
    putService('edge', { ...web('10.0.0.1'), nodeSelector: { matchLabels: { role: 'edge' } } });
    putService('core', {
      ...web('10.0.0.2'),
      nodeSelector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['edge'] }] },
    });
    start();
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    cluster.put(nodes, { metadata: { name: NODE, labels: { role: 'core' } } });
    await expectTable({ 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
    expect(controller.snapshot().notices).toEqual([]);
  });

  it('obey the oldest Director that selects the node, and the namespace labels that it asks for', async () => {
    const allow = (team: string): Spec => ({
      allowedAddresses: [{ cidrs: ['10.0.0.0/24'], namespaceSelector: { matchLabels: { team } } }],
    });
    putDirector(
      'elsewhere',
      { ...allow('none'), nodeSelector: { matchLabels: { role: 'core' } } },
      { creationTimestamp: '2025-01-01T00:00:00Z' },
    );
    putDirector('here', allow('web'), { creationTimestamp: '2025-06-01T00:00:00Z' });
    putDirector('rival', allow('none'), { creationTimestamp: '2025-07-01T00:00:00Z' });
    putService('web', web('10.0.0.1'));
    start();
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    expect(controller.snapshot().issues.map(({ object, reason }) => [object, reason])).toEqual([
      ['Director rival', 'Conflict'],
    ]);
    cluster.put(namespaces, { metadata: { name: 'shop', labels: { team: 'other' } } });
    await vi.waitFor(() => {
      expect(
        controller
          .snapshot()
          .issues.map(({ reason }) => reason)
          .sort(),
      ).toEqual(['Conflict', 'NotAllowed']);
    });
    // What cannot be followed any more is left as it is.
    putService('new', web('10.0.0.2'));
    await vi.waitFor(() => {
      expect(controller.snapshot().issues).toHaveLength(3);
    });
    expect(await table()).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
  });
});

describe('servers from endpoint slices', () => {
  const fromSlices = { addresses: ['10.0.0.1'], realServersFrom: [{ endpointSlices: { serviceName: 'web' } }] };

  it('come and go with the endpoints, drain while they end, and named servers win', async () => {
    putSlice('web-1', [ready('10.1.0.1'), ready('10.1.0.2')]);
    putService('web', { ...fromSlices, realServers: [{ address: '10.1.0.2', port: 8080, weight: 9 }] });
    start();
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1', '10.1.0.2:8080 9'] });
    const ending = { addresses: ['10.1.0.1'], conditions: { ready: false, serving: true, terminating: true } };
    putSlice('web-1', [ending, { addresses: ['10.1.0.3'], conditions: { ready: false } }]);
    putSlice('web-2', [ready('10.1.0.4'), { addresses: ['127.0.0.1'] }]);
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 0', '10.1.0.2:8080 9', '10.1.0.4:8080 1'] });
    expect(controller.snapshot().issues[0]?.message).toContain('127.0.0.1');
    cluster.delete(endpointslices, 'shop/web-1');
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.2:8080 9', '10.1.0.4:8080 1'] });
  });

  it('go on to come and go while the object is broken, which keeps the rest of its last good state', async () => {
    putSlice('web-1', [ready('10.1.0.1')]);
    putService('web', fromSlices);
    putService('other', web('10.0.0.2'));
    start();
    await untilState('Complete');
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1'], 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
    putService('web', { ...fromSlices, addresses: ['10.0.0.3'], novelty: true });
    const expectBroken = () =>
      vi.waitFor(() => {
        expect(controller.snapshot().issues.map(({ reason }) => reason)).toEqual(['UnknownField']);
      });
    await expectBroken();
    putSlice('web-1', [ready('10.1.0.2')]);
    cluster.delete(virtualservices, 'shop/other');
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.2:8080 1'], 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
    await expectBroken();
    expect(controller.snapshot().removals.deferred).toEqual(['TCP 10.0.0.2:80']);
    putService('web', { ...fromSlices, addresses: ['10.0.0.3'] });
    await expectTable({ 'TCP 10.0.0.3:80': ['10.1.0.2:8080 1'] });
    expect(controller.snapshot().issues).toEqual([]);
  });

  it('are waited for: nothing is told of the object before all slices are known', async () => {
    putSlice('web-1', [ready('10.1.0.1')]);
    putService('web', fromSlices);
    putService('plain', web('10.0.0.2'));
    cluster.fault = ({ path }) => (path === endpointslices ? { kind: 'Status', status: 500 } : undefined);
    start();
    await untilState('Away');
    await expectTable({ 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
    cluster.fault = () => undefined;
    await expectTable({ 'TCP 10.0.0.1:80': ['10.1.0.1:8080 1'], 'TCP 10.0.0.2:80': ['192.168.0.1:80 1'] });
    await untilState('Complete');
  });
});

describe('an API server', () => {
  it('that goes away and comes back changes nothing in between, and then what changed', async () => {
    putService('web', web('10.0.0.1'));
    putService('other', web('10.0.0.2'));
    start();
    await untilState('Complete');
    await cluster.stop();
    await untilState('Away');
    putService('web', web('10.0.0.1', 4));
    cluster.delete(virtualservices, 'shop/other');
    cluster.compact();
    expect(Object.keys(await table())).toHaveLength(2);
    await cluster.start();
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 4'] });
    await untilState('Complete');
  });

  it('that forbids nodes, or knows none of this name, is told of in words, and nothing applies', async () => {
    putService('web', web('10.0.0.1'));
    cluster.fault = ({ path }) => (path === nodes ? { kind: 'Status', status: 403 } : undefined);
    start();
    await untilState('Away');
    expect(controller.snapshot().sources[0]?.state).toMatchObject({
      reason: expect.stringContaining('--node-labels') as string,
    });
    expect(await table()).toEqual({});
    cluster.delete(nodes, NODE);
    cluster.fault = () => undefined;
    await vi.waitFor(() => {
      expect(controller.snapshot().sources[0]?.state).toMatchObject({
        reason: expect.stringContaining('no Node node-a') as string,
      });
    }, 5000);
    cluster.put(nodes, { metadata: { name: NODE } });
    await expectTable({ 'TCP 10.0.0.1:80': ['192.168.0.1:80 1'] });
    await untilState('Complete');
  });

  it('that was never told of our kinds is told of in words', async () => {
    cluster.fault = ({ path }) => (path === virtualservices ? { kind: 'Status', status: 404 } : undefined);
    start();
    await untilState('Away');
    expect(controller.snapshot().sources[0]?.state).toMatchObject({
      reason: expect.stringContaining('custom resource definitions') as string,
    });
  });
});

describe('ten thousand objects', () => {
  it('are told in slices, between which others have their turn', async () => {
    for (let i = 0; i < 10_000; i++) putService(`web-${i}`, web(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
    }, 1);
    start();
    await untilState('Complete');
    clearInterval(timer);
    // Others had their turn again and again meanwhile: at least once for each page of 500.
    expect(turns).toBeGreaterThan(20);
    expect(controller.snapshot().sources[0]?.unitCount).toBe(10_000);
  });
});
