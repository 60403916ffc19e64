import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeManager } from '../../../src/adapters/kubernetes/field-manager.js';
import { StatusWriter } from '../../../src/adapters/kubernetes/status-writer.js';
import type { NodeState } from '../../../src/status/index.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing } from './manual-pacing.js';
import { MemoryApi } from './memory-api.js';

const WEB = 'VirtualService shop/web';

let api: MemoryApi;
let clock: ManualClock;
let trouble: string[];
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  clock = new ManualClock();
  api = new MemoryApi(clock);
  trouble = [];
});

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function start(node: string): StatusWriter {
  const writer = new StatusWriter({
    client: api.client(node),
    node,
    pacing: manualPacing(clock),
    onTrouble: (object, error) => trouble.push(`${object} ${error.status}`),
  });
  const ending = new AbortController();
  const running = writer.run(ending.signal);
  open.push(async () => {
    ending.abort();
    await running;
  });
  api.tell(writer);
  api.observers.push(writer);
  return writer;
}

function state(fields: Partial<NodeState> = {}): NodeState {
  return { observedGeneration: 1, programmed: 1, healthy: 1, total: 1, reason: 'Programmed', message: '', ...fields };
}

function entriesOf(name = 'web'): readonly unknown[] {
  return (api.status('VirtualService', name)['directors'] ?? []) as readonly unknown[];
}

describe('an entry', () => {
  test('is written by the field manager of its node, beside those of others', async () => {
    api.declare('VirtualService', 'web');
    for (const node of ['a', 'b']) start(node).report([{ object: WEB, state: state() }]);
    await clock.settle();
    expect(entriesOf()).toEqual([
      { node: 'a', ...state() },
      { node: 'b', ...state() },
    ]);
    expect(api.requests.map(({ query }) => query)).toEqual([
      { fieldManager: 'ipvs-operator/a', force: true },
      { fieldManager: 'ipvs-operator/b', force: true },
    ]);
  });

  test('that is there already is not written by a restart', async () => {
    api.declare('VirtualService', 'web');
    start('a').report([{ object: WEB, state: state() }]);
    await clock.settle();
    await open.pop()?.();
    api.observers.pop();
    api.requests.length = 0;
    const again = start('a');
    again.report([{ object: WEB, state: state() }]);
    await clock.advance(60_000);
    expect(api.requests).toEqual([]);
    again.report([{ object: WEB, state: state({ healthy: 0, reason: 'NoServers' }) }]);
    await clock.settle();
    expect(entriesOf()).toMatchObject([{ node: 'a', reason: 'NoServers' }]);
  });

  test('is withdrawn where the object is not meant for the node any more', async () => {
    api.declare('VirtualService', 'web');
    const writer = start('a');
    writer.report([{ object: WEB, state: state() }]);
    start('b').report([{ object: WEB, state: state() }]);
    await clock.settle();
    writer.report([{ object: WEB, state: null }]);
    await clock.settle();
    expect(entriesOf()).toMatchObject([{ node: 'b' }]);
  });

  test('that somebody else changed is written again', async () => {
    api.declare('VirtualService', 'web');
    start('a').report([{ object: WEB, state: state() }]);
    await clock.settle();
    await api.client().request({
      method: 'PATCH',
      path: '/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices/web/status',
      query: { fieldManager: 'ipvs-operator/a' },
      body: { metadata: { name: 'web' }, status: {} },
    });
    await clock.advance(1000);
    expect(entriesOf()).toMatchObject([{ node: 'a' }]);
  });

  test('waits for the object to be seen, and is forgotten with it', async () => {
    const writer = start('a');
    writer.report([{ object: WEB, state: state() }]);
    await clock.settle();
    expect(api.requests).toEqual([]);
    api.declare('VirtualService', 'web');
    await clock.settle();
    expect(entriesOf()).toHaveLength(1);
    api.remove('VirtualService', 'web');
    writer.report([{ object: WEB, state: null }]);
    await clock.advance(60_000);
    expect(api.requests).toHaveLength(1);
  });

  test('has no place beside 64 others', async () => {
    api.declare('VirtualService', 'web');
    for (let i = 0; i < 64; i++) start(`n${i}`).report([{ object: WEB, state: state() }]);
    await clock.advance(1000);
    start('one-too-many').report([{ object: WEB, state: state() }]);
    await clock.advance(60_000);
    expect(entriesOf()).toHaveLength(64);
    expect(api.requests).toHaveLength(64);
  });
});

describe('many writes', () => {
  test('keep to a rate, and of one object the latest counts', async () => {
    for (let i = 0; i < 1000; i++) api.declare('VirtualService', `s${i}`);
    const writer = start('a');
    const reportAll = (healthy: number): void => {
      for (let i = 0; i < 1000; i++)
        writer.report([{ object: `VirtualService shop/s${i}`, state: state({ healthy }) }]);
    };
    reportAll(1);
    await clock.settle();
    await clock.advance(0);
    expect(api.requests.length).toBeLessThanOrEqual(501);
    reportAll(0);
    await clock.advance(30_000);
    expect(api.requests.length).toBeLessThanOrEqual(1510);
    for (let i = 0; i < 1000; i++) expect(entriesOf(`s${i}`)).toMatchObject([{ healthy: 0 }]);
  });
});

describe('trouble', () => {
  test.each([500, 429, 409, 0])('%i is tried again until it works', async (status) => {
    api.declare('VirtualService', 'web');
    let left = 3;
    api.fault = () => (left-- > 0 ? status : undefined);
    start('a').report([{ object: WEB, state: state() }]);
    await clock.advance(5000);
    expect(entriesOf()).toHaveLength(1);
    expect(trouble).toEqual(status === 409 ? [] : [`${WEB} ${status}`]);
  });

  test('a refusal is tried again after a minute, with what is to be written then', async () => {
    api.declare('VirtualService', 'web');
    api.fault = () => 403;
    const writer = start('a');
    writer.report([{ object: WEB, state: state() }]);
    await clock.advance(10_000);
    expect(api.requests).toHaveLength(1);
    writer.report([{ object: WEB, state: state({ healthy: 0 }) }]);
    api.fault = () => undefined;
    await clock.advance(60_000);
    expect(api.requests).toHaveLength(2);
    expect(entriesOf()).toMatchObject([{ healthy: 0 }]);
  });

  test('an object that is gone is left alone', async () => {
    api.declare('VirtualService', 'web');
    api.fault = () => 404;
    start('a').report([{ object: WEB, state: state() }]);
    await clock.advance(120_000);
    expect(api.requests).toHaveLength(1);
    expect(trouble).toEqual([]);
  });
});

test('the names of field managers are bounded and different', () => {
  expect(nodeManager('node-1')).toBe('ipvs-operator/node-1');
  const long = ['x', 'y'].map((end) => nodeManager(`${'n'.repeat(200)}${end}`));
  expect(long.map(({ length }) => length)).toEqual([128, 128]);
  expect(long[0]).not.toBe(long[1]);
});
