import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiServer } from '../cluster/api-server.js';
import type { ApiServer } from '../cluster/api-server.js';
import type { Connection } from './host.js';
import { VIRTUAL_IPV4 } from './network.js';
import { runWell } from './process.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { buildSegment, SEGMENT_ADDRESS, SEGMENT_SERVER } from './segment.js';
import type { Segment } from './segment.js';
import { director, virtualService } from './yaml.js';

// Three directors with kernels of their own follow one real API server, as kubectl's user meets them. The tests are
// one story: each goes on where the one before ended.

const NODES = ['a', 'b', 'c'];
const PATIENCE = { timeout: 120_000, interval: 200 };
const PORT = 80;

let segment: Segment;
let server: ApiServer;
const workplaces: Workplace[] = [];
const running = new Map<string, Running>();

beforeAll(async () => {
  segment = await buildSegment(NODES);
  server = await startApiServer({ address: SEGMENT_ADDRESS });
  await apply(
    ...['shop', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...NODES.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { zone: name } } })),
  );
  for (const node of NODES) running.set(node, await startDirector(node));
}, 300_000);

afterAll(async () => {
  for (const one of running.values()) one.kill();
  await Promise.all([...running.values()].map(({ outcome }) => outcome));
  await server.close();
  await segment.close();
  for (const workplace of workplaces) await workplace.remove();
});

async function startDirector(node: string): Promise<Running> {
  const workplace = await openWorkplace();
  workplaces.push(workplace);
  const flags = ['--kubernetes', '--kubeconfig', server.kubeconfig(`node-${node}`), '--node-name', node];
  return workplace.startOperator(['run', ...flags, '--listen', 'none'], {
    namespace: segment.directors.get(node) ?? '',
    timeoutSeconds: 1000,
  });
}

async function kubectl(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await server.kubectl(args);
  expect(status, stderr).toBe(0);
  return stdout;
}

async function apply(...objects: readonly object[]): Promise<void> {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { status, stderr } = await server.kubectl(['apply', '-f', '-'], text);
  expect(status, stderr).toBe(0);
}

function web(spec: object = {}, name = 'web'): object {
  const fields = {
    addresses: [VIRTUAL_IPV4],
    ports: [{ port: PORT }],
    scheduler: 'rr',
    forwarding: { method: 'DirectRouting' },
    realServers: [{ address: SEGMENT_SERVER }],
  };
  return virtualService('shop', name, { ...fields, ...spec });
}

/** What `ipvsadm -Sn` says on each node, sorted. */
async function tables(): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = [...segment.directors].map(async ([node, namespace]) => {
    const saved = await runWell(['ipvsadm', '-Sn'], { namespace });
    return [node, saved.trimEnd().split('\n').sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function expectTables(lines: (node: string) => readonly string[]): Promise<void> {
  await expect.poll(tables, PATIENCE).toEqual(Object.fromEntries(NODES.map((node) => [node, [...lines(node)].sort()])));
}

function rows(weight = 1, address = VIRTUAL_IPV4): readonly string[] {
  const key = `-t ${address}:${PORT}`;
  return [`-A ${key} -s rr`, `-a ${key} -r ${SEGMENT_SERVER}:${PORT} -g -w ${weight}`];
}

interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
  readonly directors?: readonly { readonly node: string; readonly reason: string }[];
  readonly summary?: Readonly<Record<string, string>>;
}

async function statusOf(name: string, collection = 'namespaces/shop/virtualservices'): Promise<Status> {
  const { body } = await server.request('GET', `/apis/ipvs-operator.io/v1alpha1/${collection}/${name}`);
  const { directors, ...rest } = (body as { readonly status?: Status }).status ?? {};
  // They are in the order in which they were written.
  return directors === undefined
    ? rest
    : { ...rest, directors: directors.toSorted((a, b) => (a.node < b.node ? -1 : 1)) };
}

/** Until one of its conditions is so; gives what is said with it. */
async function expectCondition(name: string, expected: string, collection?: string): Promise<string> {
  const conditions = async (): Promise<readonly string[]> =>
    (await statusOf(name, collection)).conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`) ??
    [];
  await expect.poll(conditions, PATIENCE).toContain(expected);
  const type = expected.split('=')[0];
  return (await statusOf(name, collection)).conditions?.find((condition) => condition.type === type)?.message ?? '';
}

async function entriesOf(name: string): Promise<Readonly<Record<string, string>>> {
  const { directors = [] } = await statusOf(name);
  return Object.fromEntries(directors.map(({ node, reason }) => [node, reason]));
}

test('what kubectl applies is in all kernels, and kubectl says so', async () => {
  await apply(web());
  await kubectl('wait', '--for=condition=Ready', 'ipvs/web', '-n', 'shop', '--timeout=120s');
  await expectTables(() => rows());
  await expect.poll(() => entriesOf('web'), PATIENCE).toEqual({ a: 'Programmed', b: 'Programmed', c: 'Programmed' });
  await expect.poll(async () => (await statusOf('web')).summary, PATIENCE).toMatchObject({ directors: '3/3' });
  const { conditions = [], observedGeneration } = await statusOf('web');
  expect(conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`).sort()).toEqual([
    'Accepted=True Accepted',
    'Programmed=True Programmed',
    'Ready=True Ready',
  ]);
  expect(observedGeneration).toBe(1);
  const columns = (await kubectl('get', 'ipvs', '-n', 'shop', '--no-headers')).split(/\s+/);
  expect(columns.slice(0, 7)).toEqual(['web', VIRTUAL_IPV4, '80', 'TCP', 'rr', '1/1', '3/3']);
});

test('what kubectl edits is edited there, and what the API server refuses is refused in the words of validate', async () => {
  await kubectl('patch', 'ipvs', 'web', '-n', 'shop', '--type=json', '-p', editOf('/spec/realServers/0/weight', 5));
  await expectTables(() => rows(5));

  const bad = JSON.stringify(web({ realServers: [{ address: '2001:db8::1' }] }));
  const words = 'the service has no virtual address of the family that this server would join';
  const refused = await server.kubectl(['apply', '-f', '-'], bad);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(words) as string });
  const [workplace] = workplaces;
  const validated = await workplace?.operator(['validate', '-f', '-'], { stdin: bad });
  expect(validated).toMatchObject({ status: 1, stdout: expect.stringContaining(words) as string });
  expect((await tables())['a']).toEqual(rows(5));
});

test('every field of the status follows the object', async () => {
  const generation = 2;
  await expect
    .poll(() => statusOf('web'), PATIENCE)
    .toMatchObject({
      observedGeneration: generation,
      conditions: ['Accepted', 'Programmed', 'Ready'].map((type) => ({
        type,
        status: 'True',
        observedGeneration: generation,
        message: 'on 3 directors',
      })),
      directors: NODES.map((node) => ({
        node,
        observedGeneration: generation,
        programmed: 1,
        healthy: 1,
        total: 1,
        reason: 'Programmed',
      })),
      summary: { directors: '3/3' },
    });
});

test('what cannot be, or need not be, is said in the conditions', async () => {
  await apply(
    web({ addresses: ['10.0.0.3'], scheduler: 'nosuch' }, 'odd'),
    web({ addresses: ['10.0.0.4'], suspend: true }, 'rest'),
    web({ addresses: ['10.0.0.5'], realServers: [{ address: SEGMENT_SERVER, state: 'Drain' }] }, 'bare'),
  );
  expect(await expectCondition('odd', 'Programmed=False UnsupportedByKernel')).toContain('nosuch');
  expect(await expectCondition('rest', 'Programmed=Unknown Suspended')).toContain('left as it is in the kernel');
  expect(await expectCondition('bare', 'Ready=False NoServers')).toContain('TCP 10.0.0.5:80');
  await kubectl('delete', 'ipvs', 'odd', 'rest', 'bare', '-n', 'shop');
  await expectTables(() => rows(5));
});

test('a Director decides what is taken over and who may claim what; a younger one decides nothing', async () => {
  const theirs = '-A -t 10.0.0.6:80 -s sed';
  for (const namespace of segment.directors.values()) await runWell(['ipvsadm', ...theirs.split(' ')], { namespace });
  await apply(web({ addresses: ['10.0.0.6'] }, 'theirs'));
  expect(await expectCondition('theirs', 'Accepted=False ForeignService')).toContain('TCP 10.0.0.6:80');
  await expectTables(() => [...rows(5), theirs]);

  const allowedAddresses = [{ cidrs: ['10.0.0.0/16', `${VIRTUAL_IPV4}/32`] }];
  await apply(
    director('edge', { ownership: { adoption: 'Always' }, timeouts: { udpSeconds: 123 }, allowedAddresses }),
    web({ addresses: ['198.51.100.7'] }, 'forbidden'),
  );
  await expectCondition('theirs', 'Ready=True Ready');
  await expectTables(() => [...rows(5), ...rows(1, '10.0.0.6')]);
  expect(await expectCondition('forbidden', 'Accepted=False NotAllowed')).toContain('spec.addresses[0]');
  await apply(director('younger', { timeouts: { udpSeconds: 99 } }));
  expect(await expectCondition('younger', 'Accepted=False Conflict', 'directors')).toContain('Director edge');
  for (const namespace of segment.directors.values()) {
    expect(await runWell(['ipvsadm', '-L', '--timeout'], { namespace })).toMatch(/ 123$/m);
  }

  await kubectl('delete', 'ipvs', 'theirs', 'forbidden', '-n', 'shop');
  await kubectl('delete', 'directors.ipvs-operator.io', 'younger');
  await expectTables(() => rows(5));
});

test('nodeSelector decides which kernels have it, also where a label changes', async () => {
  const some = web({ addresses: ['10.0.0.2'], nodeSelector: { matchLabels: { zone: 'b' } } }, 'some');
  await apply(some);
  const both = (node: string, zone: readonly string[]): readonly string[] =>
    zone.includes(node) ? [...rows(5), ...rows(1, '10.0.0.2')] : rows(5);
  await expectTables((node) => both(node, ['b']));
  await expect.poll(() => entriesOf('some'), PATIENCE).toEqual({ b: 'Programmed' });
  await kubectl('label', 'node', 'c', 'zone=b', '--overwrite');
  await expectTables((node) => both(node, ['b', 'c']));
  await expect.poll(() => entriesOf('some'), PATIENCE).toEqual({ b: 'Programmed', c: 'Programmed' });
});

test('an object that wants what another one has is told so, in its status and by an Event', async () => {
  await apply(web({}, 'late'));
  await expect
    .poll(async () => (await statusOf('late')).conditions, PATIENCE)
    .toContainEqual(expect.objectContaining({ type: 'Accepted', status: 'False', reason: 'Conflict' }));
  const reasons = (): Promise<string> =>
    kubectl('get', 'events.events.k8s.io', '-n', 'shop', '-o', 'jsonpath={.items[*].reason}');
  await expect.poll(reasons, PATIENCE).toContain('Conflict');
  await kubectl('delete', 'ipvs', 'late', 'some', '-n', 'shop');
  await expectTables(() => rows(5));
});

test('connections survive their director: the leader is killed, a follower has them and leads', async () => {
  const daemon = (role: string, runWhile: string) => ({ role, interface: 'eth0', syncId: 7, runWhile });
  await apply(director('edge', { syncDaemons: [daemon('Master', 'Leader'), daemon('Backup', 'Follower')] }));
  await expect.poll(roles, PATIENCE).toSatisfy(hasOneMaster);
  const [leader = ''] = Object.entries(await roles()).find(([, role]) => role === 'master') ?? [];
  await segment.server.listen('TCP', VIRTUAL_IPV4, PORT, 'server');
  await segment.routeThrough(leader);
  const connections: Connection[] = [];
  for (let i = 0; i < 3; i++) connections.push(await segment.client.connect(VIRTUAL_IPV4, PORT));
  const followers = NODES.filter((node) => node !== leader);
  for (const node of followers) {
    // What the master has to say goes out with a connection's packets, so these talk on.
    await expect
      .poll(async () => {
        for (const connection of connections) await connection.ask('still there?');
        return synchronised(node);
      }, PATIENCE)
      .toEqual(connections.map(({ localPort }) => localPort).sort());
  }

  const killedAt = performance.now();
  running.get(leader)?.kill();
  await expect
    .poll(roles, PATIENCE)
    .toSatisfy((found) => followers.filter((node) => (found as Roles)[node] === 'master').length === 1);
  const elapsedSeconds = (performance.now() - killedAt) / 1000;
  console.log(`another director took the master role ${elapsedSeconds.toFixed(1)} s after the leader was killed`);
  // Kept 15 s, looked at every 2.4 s at most, and then the machine may be slow.
  expect(elapsedSeconds).toBeLessThan(30);

  const after = await roles();
  const [successor = ''] = followers.filter((node) => after[node] === 'master');
  await segment.routeThrough(successor);
  for (const connection of connections) expect(await connection.ask('and now?')).toBe('server and now?');
});

function editOf(path: string, value: unknown): string {
  return JSON.stringify([{ op: 'add', path, value }]);
}

type Roles = Readonly<Record<string, string>>;

/** The sync daemons that each node's kernel runs, in ipvsadm's words. */
async function roles(): Promise<Roles> {
  const entries = [...segment.directors].map(async ([node, namespace]) => {
    const listed = await runWell(['ipvsadm', '-Ln', '--daemon'], { namespace });
    return [node, Array.from(listed.matchAll(/^(master|backup) /gm), ([, role]) => role).join(' ')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function hasOneMaster(found: Roles): boolean {
  return Object.values(found).sort().join() === 'backup,backup,master';
}

/** The clients' ports of the connections that a node's kernel has from another one. */
async function synchronised(node: string): Promise<readonly number[]> {
  const listed = await runWell(['cat', '/proc/net/ip_vs_conn_sync'], { namespace: segment.directors.get(node) ?? '' });
  const ports = Array.from(listed.matchAll(/^TCP +\S+ (\S+) .* SYNC +\d+ *$/gm), ([, port = '']) => parseInt(port, 16));
  return ports.sort();
}
