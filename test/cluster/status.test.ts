import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFakeKernel } from '../../src/testing/index.js';
import { service, tcp } from '../plan/states.js';
import { memoryInventory } from '../reconcile/memory-inventory.js';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';
import { startDirector } from './director.js';
import type { Director } from './director.js';

// What kubectl shows of objects that three directors follow, against a real API server and into fake kernels.

const WAIT = { timeout: 20_000, interval: 100 };

let server: ApiServer;
const running = new Map<string, Director>();

beforeAll(async () => {
  server = await startApiServer();
  for (const namespace of ['shop', 'default', 'ipvs-operator'])
    await server.kubectl(['create', 'namespace', namespace]);
  for (const name of ['a', 'b', 'c'])
    await apply({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { zone: name } } });
});

afterEach(async () => {
  await Promise.all([...running.values()].map(({ stop }) => stop()));
  running.clear();
  for (const kind of ['virtualservices', 'directors']) await server.kubectl(['delete', kind, '--all', '-A']);
  await server.kubectl(['delete', 'leases', '--all', '-n', 'ipvs-operator']);
});

afterAll(() => server.close());

async function start(node: string, existing?: Pick<Director, 'kernel' | 'inventory'>): Promise<Director> {
  const director = await startDirector(server, node, existing);
  running.set(node, director);
  return director;
}

async function apply(...objects: readonly object[]): Promise<void> {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { status, stderr } = await server.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
  expect(status, stderr).toBe(0);
}

function web(spec: object = {}, name = 'web', address = '10.0.0.1'): object {
  return {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop' },
    spec: { addresses: [address], ports: [{ port: 80 }], realServers: [{ address: '192.168.0.1' }], ...spec },
  };
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  readonly directors?: readonly { readonly node: string; readonly reason: string }[];
  readonly summary?: Readonly<Record<string, string>>;
}

async function statusOf(name = 'web'): Promise<Status> {
  const path = `/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices/${name}`;
  const { body } = await server.request('GET', path);
  return (body as { readonly status?: Status }).status ?? {};
}

async function conditionsOf(name = 'web'): Promise<Readonly<Record<string, string>>> {
  const { conditions = [] } = await statusOf(name);
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

async function entriesOf(name = 'web'): Promise<Readonly<Record<string, string>>> {
  const { directors = [] } = await statusOf(name);
  return Object.fromEntries(directors.map(({ node, reason }) => [node, reason]));
}

async function kubectl(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await server.kubectl(args);
  expect(status, stderr).toBe(0);
  return stdout;
}

describe('three directors', () => {
  test('each have an entry, somebody sums them up, and kubectl waits for it', async () => {
    await Promise.all(['a', 'b', 'c'].map((node) => start(node)));
    await apply(web());
    await kubectl('wait', '--for=condition=Ready', 'ipvs/web', '-n', 'shop', '--timeout=20s');
    await vi.waitFor(async () => {
      expect(await entriesOf()).toEqual({ a: 'Programmed', b: 'Programmed', c: 'Programmed' });
      expect((await statusOf()).summary).toMatchObject({ addresses: '10.0.0.1', ready: '1/1', directors: '3/3' });
    }, WAIT);
    expect(await conditionsOf()).toEqual({
      Accepted: 'True Accepted',
      Programmed: 'True Programmed',
      Ready: 'True Ready',
    });
    const columns = (await kubectl('get', 'ipvs', '-n', 'shop', '--no-headers')).split(/\s+/);
    expect(columns).toEqual(expect.arrayContaining(['web', '10.0.0.1', '80', 'TCP', '1/1', '3/3']));
  });

  test('one that the object does not select any more withdraws its entry', async () => {
    await Promise.all(['a', 'b'].map((node) => start(node)));
    await apply(web());
    await vi.waitFor(async () => {
      expect(Object.keys(await entriesOf()).sort()).toEqual(['a', 'b']);
    }, WAIT);
    await apply(web({ nodeSelector: { matchLabels: { zone: 'b' } } }));
    await vi.waitFor(async () => {
      expect(await entriesOf()).toEqual({ b: 'Programmed' });
      expect((await statusOf()).summary).toMatchObject({ directors: '1/1' });
    }, WAIT);
  });

  test('the one that sums up is gone: another one does', async () => {
    await Promise.all(['a', 'b'].map((node) => start(node)));
    await apply(web());
    await kubectl('wait', '--for=condition=Ready', 'ipvs/web', '-n', 'shop', '--timeout=20s');
    const lease = '/apis/coordination.k8s.io/v1/namespaces/ipvs-operator/leases/ipvs-operator';
    const holder = async (): Promise<string> => {
      const { body } = await server.request('GET', lease);
      return (body as { readonly spec: { readonly holderIdentity: string } }).spec.holderIdentity;
    };
    const first = await holder();
    await running.get(first)?.stop();
    running.delete(first);
    await apply(web({ realServers: [] }));
    await vi.waitFor(async () => {
      expect(await holder()).not.toBe(first);
      const [left = ''] = running.keys();
      expect(await entriesOf()).toMatchObject({ [left]: 'NoServers' });
      expect(await conditionsOf()).toMatchObject({ Ready: 'False NoServers' });
    }, WAIT);
  });
});

describe('what is wrong', () => {
  test('is said: a conflict, a foreign service, and an Event of each', async () => {
    const kernel = createFakeKernel({ services: [service(tcp('10.0.0.9'))] });
    await start('a', { kernel, inventory: memoryInventory() });
    await apply(web());
    await vi.waitFor(async () => {
      expect(await entriesOf()).toEqual({ a: 'Programmed' });
    }, WAIT);
    await apply(web({}, 'late'), web({}, 'foreign', '10.0.0.9'));
    await vi.waitFor(async () => {
      expect(await conditionsOf('late')).toMatchObject({ Accepted: 'False Conflict', Ready: 'False Conflict' });
      expect(await conditionsOf('foreign')).toMatchObject({ Accepted: 'False ForeignService' });
      const events = await kubectl('get', 'events.events.k8s.io', '-n', 'shop', '-o', 'jsonpath={.items[*].reason}');
      expect(events.split(' ')).toEqual(expect.arrayContaining(['Conflict', 'ForeignService']));
    }, WAIT);
    await kubectl('delete', 'ipvs', 'web', '-n', 'shop');
    await vi.waitFor(async () => {
      expect(await conditionsOf('late')).toMatchObject({ Ready: 'True Ready' });
    }, WAIT);
  });
});

test('a restart writes no status', async () => {
  const director = await start('a');
  await apply(web());
  await kubectl('wait', '--for=condition=Ready', 'ipvs/web', '-n', 'shop', '--timeout=20s');
  await director.stop();
  const countWrites = (): number =>
    server.requests('node-a').filter(({ subresource }) => subresource === 'status').length;
  const before = countWrites();
  await start('a', director);
  await vi.waitFor(() => {
    expect(server.requests('node-a').filter(({ verb }) => verb === 'watch').length).toBeGreaterThanOrEqual(10);
  }, WAIT);
  // Longer than the leader gathers entries.
  await sleep(2500);
  expect(countWrites()).toBe(before);
});

test('sync daemons run by who leads; the leader gone, another one takes the master role', async () => {
  await Promise.all(['a', 'b'].map((node) => start(node)));
  const daemon = (role: string, runWhile: string) => ({ role, interface: 'eth0', syncId: 7, runWhile });
  await apply({
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'Director',
    metadata: { name: 'edge' },
    spec: { syncDaemons: [daemon('Master', 'Leader'), daemon('Backup', 'Follower')] },
  });
  const roles = async (): Promise<Readonly<Record<string, string>>> => {
    const entries = await Promise.all(
      [...running].map(async ([node, { kernel }]) => {
        const daemons = await kernel.readDaemons();
        return [node, daemons.map(({ role }) => role).join(' ')] as const;
      }),
    );
    return Object.fromEntries(entries);
  };
  await vi.waitFor(async () => {
    expect(Object.values(await roles()).sort()).toEqual(['Backup', 'Master']);
  }, WAIT);
  const [leader = ''] = Object.entries(await roles()).find(([, role]) => role === 'Master') ?? [];
  await running.get(leader)?.stop();
  running.delete(leader);
  await vi.waitFor(async () => {
    expect(Object.values(await roles())).toEqual(['Master']);
  }, WAIT);
  await kubectl('wait', '--for=condition=Ready', 'directors.ipvs-operator.io/edge', '--timeout=20s');
});
