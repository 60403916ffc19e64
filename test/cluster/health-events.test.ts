import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';
import { startDirector } from './director.js';
import type { Director } from './director.js';

// What a person who describes an object sees of its servers, against a real API server and into a fake kernel.

const WAIT = { timeout: 20_000, interval: 100 };
const [A, B, C, Z] = ['192.168.0.1', '192.168.0.2', '192.168.0.3', '192.168.0.9'];
const HTTP = { protocol: 'TCP', address: '10.0.0.1', port: 80 } as const;

let server: ApiServer;
let director: Director | undefined;

beforeAll(async () => {
  server = await startApiServer();
  for (const namespace of ['shop', 'ipvs-operator']) await server.kubectl(['create', 'namespace', namespace]);
  await apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } });
});

afterEach(async () => {
  await director?.stop();
  for (const kind of ['virtualservices', 'events.events.k8s.io']) {
    await server.kubectl(['delete', kind, '--all', '-n', 'shop']);
  }
});

afterAll(() => server.close());

async function apply(object: object): Promise<void> {
  const args = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
  const { status, stderr } = await server.kubectl(args, JSON.stringify(object));
  expect(status, stderr).toBe(0);
}

function web(servers: readonly string[], spec: object = {}): object {
  return {
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      addresses: [HTTP.address],
      ports: [{ port: HTTP.port }],
      realServers: servers.map((address) => ({ address })),
      health: { checks: [{ name: 'open', type: 'TCP', fall: 1 }] },
      ...spec,
    },
  };
}

/** Starts a controller, and waits until it has made the object so. */
async function begin(object: object): Promise<Director> {
  await apply(object);
  const started = await startDirector(server, 'a');
  director = started;
  const args = ['wait', '--for=condition=Programmed', 'ipvs/web', '-n', 'shop', '--timeout=20s'];
  expect((await server.kubectl(args)).status).toBe(0);
  return started;
}

interface Event {
  readonly reason: string;
  readonly type: string;
  readonly note: string;
  readonly regarding: { readonly uid: string };
  readonly series?: { readonly count: number };
}

async function events(): Promise<readonly Event[]> {
  const { body } = await server.request('GET', '/apis/events.k8s.io/v1/namespaces/shop/events');
  return (body as { readonly items: readonly Event[] }).items;
}

async function told(): Promise<readonly string[]> {
  return (await events()).map(({ type, reason, note }) => `${type} ${reason} ${note.replace(/^on a: /, '')}`).sort();
}

test('servers that fail and come back, with their quorum and who stood in', async () => {
  const { prober } = await begin(web([A, B, C], { sorryServers: [{ address: Z }] }));
  for (const address of [A, B, C]) prober.fail(address);
  const lost = [
    `Warning QuorumLost service TCP 10.0.0.1:80 lost its quorum`,
    `Warning ServerDown 3 real servers fail: ${A}:80 (L4CON connection refused), ${B}:80 (L4CON connection refused), ${C}:80 (L4CON connection refused)`,
    `Warning SorryServersInUse service TCP 10.0.0.1:80 is served by sorry servers`,
  ];
  await vi.waitFor(async () => {
    expect(await told()).toEqual(lost);
  }, WAIT);
  prober.pass(B);
  await vi.waitFor(async () => {
    expect(await told()).toEqual([
      `Normal QuorumRegained service TCP 10.0.0.1:80 has its quorum again`,
      `Normal ServerUp real server ${B}:80 passes again: L4OK`,
      `Normal SorryServersReleased service TCP 10.0.0.1:80 needs no sorry servers any more`,
      ...lost,
    ]);
  }, WAIT);
  const { body } = await server.request('GET', '/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices/web');
  const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
  expect(new Set((await events()).map(({ regarding }) => regarding.uid))).toEqual(new Set([uid]));
});

test('a drain that begins and ends', async () => {
  const drain = { timeoutSeconds: 60 };
  const { kernel } = await begin(web([A, B], { drain }));
  kernel.setConnections(HTTP, { address: A, port: 80 }, { active: 1 });
  await apply(web([B], { drain }));
  const began = `Normal DrainBegan real server ${A}:80 drains, and keeps the connections that it has`;
  await vi.waitFor(async () => {
    expect(await told()).toEqual([began]);
  }, WAIT);
  kernel.setConnections(HTTP, { address: A, port: 80 }, { active: 0 });
  await vi.waitFor(async () => {
    expect(await told()).toEqual([
      began,
      `Normal DrainEnded real server ${A}:80 has drained: its connections have ended`,
    ]);
  }, WAIT);
});

test('two hundred servers at once are one Event, and one that never rests has one of each kind', async () => {
  const many = Array.from({ length: 200 }, (_, i) => `192.168.1.${i}`);
  const { prober } = await begin(web([A, B, ...many]));
  for (const address of many) prober.fail(address);
  await vi.waitFor(async () => {
    expect(await told()).toEqual([
      expect.stringMatching(/^Warning ServerDown 200 real servers fail: .* and 197 more$/),
    ]);
  }, WAIT);
  const before = countWrites();
  for (let i = 0; i < 40; i++) {
    if (i % 2 === 0) prober.fail(A);
    else prober.pass(A);
    await sleep(150);
  }
  await vi.waitFor(async () => {
    const flaps = (await events()).filter(({ note }) => note.includes(`${A}:80`));
    expect(flaps.map(({ reason }) => reason).sort()).toEqual(['ServerDown', 'ServerUp']);
    for (const { series } of flaps) expect(series?.count).toBeGreaterThanOrEqual(2);
  }, WAIT);
  // Two are made, and each is told once that it goes on.
  expect(countWrites() - before).toBe(4);
});

function countWrites(): number {
  return server.requests('node-a').filter(({ resource }) => resource === 'events').length;
}
