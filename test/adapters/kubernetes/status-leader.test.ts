import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StatusLeader } from '../../../src/adapters/kubernetes/status-leader.js';
import { StatusWriter } from '../../../src/adapters/kubernetes/status-writer.js';
import { keepPresence } from '../../../src/adapters/kubernetes/node-presence.js';
import type { NodeState } from '../../../src/status/index.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing, manualTime } from './manual-pacing.js';
import { MemoryApi } from './memory-api.js';

const MINUTE = 60_000;

let api: MemoryApi;
let clock: ManualClock;
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  clock = new ManualClock();
  api = new MemoryApi(clock);
});

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function run(work: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const ending = new AbortController();
  const running = work(ending.signal);
  const stop = async (): Promise<void> => {
    ending.abort();
    await running;
  };
  open.push(stop);
  return stop;
}

function startLeader(): StatusLeader {
  const leader = new StatusLeader({
    client: api.client('leader'),
    namespace: 'lb',
    pacing: manualPacing(clock),
    now: manualTime(clock),
    onTrouble: () => undefined,
  });
  run((signal) => leader.run(signal));
  api.observers.push(leader);
  return leader;
}

/** A node with a controller, as far as the API server sees it; the result ends it. */
function startNode(node: string, object = 'web', fields: Partial<NodeState> = {}): () => Promise<void> {
  const common = { client: api.client(node), node, pacing: manualPacing(clock) };
  const writer = new StatusWriter({ ...common, onTrouble: () => undefined });
  api.tell(writer);
  api.observers.push(writer);
  const state: NodeState = {
    observedGeneration: 1,
    programmed: 1,
    healthy: 1,
    total: 1,
    reason: 'Programmed',
    message: '',
  };
  writer.report([{ object: `VirtualService shop/${object}`, state: { ...state, ...fields } }]);
  return run(async (signal) => {
    await Promise.all([
      writer.run(signal),
      keepPresence({ ...common, namespace: 'lb', now: manualTime(clock) }, signal),
    ]);
    api.observers.splice(api.observers.indexOf(writer), 1);
  });
}

function conditions(name = 'web'): readonly string[] {
  const list = (api.status('VirtualService', name)['conditions'] ?? []) as readonly Readonly<Record<string, string>>[];
  return list.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

function nodes(name = 'web'): readonly string[] {
  const list = (api.status('VirtualService', name)['directors'] ?? []) as readonly { readonly node: string }[];
  return list.map(({ node }) => node);
}

const READY = ['Accepted True Accepted', 'Programmed True Programmed', 'Ready True Ready'];

describe('who leads', () => {
  test('sums up what is there when it begins, and what changes afterwards', async () => {
    api.declare('VirtualService', 'web', { addresses: ['10.0.0.1'], ports: [{ port: 80 }] });
    startNode('a');
    await clock.settle();
    const leader = startLeader();
    await clock.advance(5000);
    expect(conditions()).toEqual([]);
    leader.lead(true);
    await clock.advance(5000);
    expect(conditions()).toEqual(READY);
    startNode('b', 'web', { reason: 'NoServers', healthy: 0, message: 'none of IPv4' });
    await clock.advance(5000);
    expect(conditions()).toEqual([...READY.slice(0, 2), 'Ready False NoServers']);
    expect(api.status('VirtualService', 'web')['summary']).toMatchObject({ ready: '0/1', directors: '2/2' });
  });

  test('writes nothing where nothing changed', async () => {
    api.declare('VirtualService', 'web');
    startNode('a');
    startLeader().lead(true);
    await clock.advance(10_000);
    const writes = (): number => api.requests.filter(({ path }) => path.endsWith('/status')).length;
    const before = writes();
    const another = startLeader();
    another.lead(true);
    await clock.advance(4 * MINUTE);
    expect(writes()).toBe(before);
  });

  test('gives a new object time before it says that no director has it', async () => {
    startLeader().lead(true);
    await clock.settle();
    api.declare('VirtualService', 'web');
    await clock.advance(20_000);
    expect(conditions()).toEqual([]);
    await clock.advance(20_000);
    expect(conditions()).toEqual([
      'Accepted Unknown NoDirectors',
      'Programmed False NoDirectors',
      'Ready False NoDirectors',
    ]);
  });

  test('takes out the entries of a node that has no controller any more, after some minutes', async () => {
    api.declare('VirtualService', 'web');
    const stop = startNode('a', 'web', { reason: 'ProgrammingFailed' });
    startNode('b');
    startLeader().lead(true);
    await clock.advance(MINUTE);
    await stop();
    await clock.advance(3 * MINUTE);
    expect(nodes()).toEqual(['a', 'b']);
    await clock.advance(5 * MINUTE);
    expect(nodes()).toEqual(['b']);
    expect(conditions()).toEqual(READY);
    const lists = (): number =>
      api.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('services')).length;
    const before = lists();
    await clock.advance(5 * MINUTE);
    expect(lists() - before).toBeLessThanOrEqual(1);
  });

  test('writes nothing any more once it does not lead', async () => {
    const leader = startLeader();
    leader.lead(true);
    await clock.settle();
    api.declare('VirtualService', 'web');
    startNode('a');
    await clock.settle();
    leader.lead(false);
    await clock.advance(MINUTE);
    expect(conditions()).toEqual([]);
  });
});
