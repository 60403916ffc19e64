import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventRecorder } from '../../../src/adapters/kubernetes/event-recorder.js';
import type { NodeReason, NodeState } from '../../../src/status/index.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing, manualTime } from './manual-pacing.js';
import { MemoryApi } from './memory-api.js';

const WEB = 'VirtualService shop/web';

let api: MemoryApi;
let clock: ManualClock;
let recorder: EventRecorder;
let stop: () => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  api = new MemoryApi(clock);
  recorder = new EventRecorder({
    client: api.client(),
    node: 'a',
    pacing: manualPacing(clock),
    now: manualTime(clock),
  });
  const ending = new AbortController();
  const running = recorder.run(ending.signal);
  stop = async () => {
    ending.abort();
    await running;
  };
});

afterEach(() => stop());

function note(from: string | undefined, to: NodeReason, object = WEB): void {
  const state: NodeState = { programmed: 0, reason: to, message: to === 'Programmed' ? '' : `it is ${to}` };
  const before = from === undefined ? undefined : { node: 'a', reason: from };
  recorder.note({ object, uid: 'u1', before, state });
}

function made(): readonly string[] {
  return api.requests.map(({ method, body }) => {
    const { type, reason, note: text, series } = body as Readonly<Record<string, unknown>>;
    return method === 'PATCH' ? `series ${JSON.stringify(series)}` : [type, reason, text].join(' | ');
  });
}

test.each<readonly [string, string | undefined, NodeReason, readonly string[]]>([
  ['what goes wrong makes an Event', 'Programmed', 'Conflict', ['Warning | Conflict | on a: it is Conflict']],
  [
    'what is wrong from the beginning too',
    undefined,
    'ForeignService',
    ['Warning | ForeignService | on a: it is ForeignService'],
  ],
  [
    'what comes right again too',
    'NoServers',
    'Programmed',
    ['Normal | Programmed | on a: in the kernel as it is declared'],
  ],
  ['what is right from the beginning does not', undefined, 'Programmed', []],
  ['what stays as bad as it was does not', 'Conflict', 'Conflict', []],
  ['what somebody asked for does not', 'Programmed', 'Suspended', []],
])('%s', async (_, from, to, expected) => {
  note(from, to);
  await clock.settle();
  expect(made()).toEqual(expected);
});

test('the same again within some minutes is a series of one Event', async () => {
  for (let i = 0; i < 3; i++) {
    note('Programmed', 'NoServers');
    await clock.advance(10_000);
  }
  expect(made()).toEqual([
    'Warning | NoServers | on a: it is NoServers',
    'series {"count":2,"lastObservedTime":"2026-01-01T00:00:10.000000Z"}',
    'series {"count":3,"lastObservedTime":"2026-01-01T00:00:20.000000Z"}',
  ]);
  await clock.advance(400_000);
  note('Programmed', 'NoServers');
  await clock.settle();
  expect(made().filter((text) => text.startsWith('Warning'))).toHaveLength(2);
});

test('a crowd of them is sent slowly, and cut short', async () => {
  for (let i = 0; i < 500; i++) note('Programmed', 'Conflict', `VirtualService shop/s${i}`);
  await clock.advance(5000);
  expect(made().length).toBeLessThanOrEqual(11);
  await clock.advance(600_000);
  expect(made().length).toBeLessThanOrEqual(101);
});

test('trouble with one loses that one', async () => {
  api.fault = () => 500;
  note('Programmed', 'Conflict');
  await clock.advance(1000);
  api.fault = () => undefined;
  note('Programmed', 'Conflict', 'Director edge');
  await clock.advance(1000);
  expect(api.requests.map(({ path }) => path)).toEqual([
    '/apis/events.k8s.io/v1/namespaces/shop/events',
    '/apis/events.k8s.io/v1/namespaces/default/events',
  ]);
});
