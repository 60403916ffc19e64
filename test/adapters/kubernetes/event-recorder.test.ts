import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventRecorder } from '../../../src/adapters/kubernetes/event-recorder.js';
import type { EventDraft, EventResult } from '../../../src/adapters/kubernetes/event-recorder.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing, manualTime } from './manual-pacing.js';
import { MemoryApi } from './memory-api.js';

const WEB = 'VirtualService shop/web';
const MINUTE = 60_000;

let api: MemoryApi;
let clock: ManualClock;
let recorder: EventRecorder;
let results: EventResult[];
let stop: () => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  api = new MemoryApi(clock);
  results = [];
  recorder = new EventRecorder({
    client: api.client(),
    node: 'a',
    pacing: manualPacing(clock),
    now: manualTime(clock),
    onResult: (result) => results.push(result),
  });
  const ending = new AbortController();
  const running = recorder.run(ending.signal);
  stop = async () => {
    ending.abort();
    await running;
  };
});

afterEach(() => stop());

function note(what: Partial<EventDraft> = {}): void {
  recorder.note({
    ...{ object: WEB, uid: 'u1', type: 'Warning', reason: 'ServerDown', action: 'CheckServers', note: 'it fails' },
    ...what,
  });
}

function made(): readonly string[] {
  return api.requests.map(({ method, body }) => {
    const { type, reason, note: text, series } = body as Readonly<Record<string, unknown>>;
    return method === 'PATCH' ? `series ${JSON.stringify(series)}` : [type, reason, text].join(' | ');
  });
}

const created = () => api.requests.filter(({ method }) => method === 'POST');

test('an Event is as its draft says, of the object, by this node', async () => {
  note();
  await clock.settle();
  expect(api.requests).toMatchObject([
    {
      path: '/apis/events.k8s.io/v1/namespaces/shop/events',
      body: {
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'ipvs-operator.io/controller',
        reportingInstance: 'a',
        action: 'CheckServers',
        reason: 'ServerDown',
        type: 'Warning',
        note: 'on a: it fails',
        regarding: { kind: 'VirtualService', namespace: 'shop', name: 'web', uid: 'u1' },
      },
    },
  ]);
});

test('a note is cut to what an Event may have, between characters', async () => {
  note({ note: 'ü'.repeat(1000) });
  await clock.settle();
  const [text = ''] = made();
  const cut = text.replace('Warning | ServerDown | ', '');
  expect(cut).toMatch(/^on a: ü+$/);
  expect(Buffer.byteLength(cut)).toBeGreaterThan(1020);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1024);
});

describe('the same again', () => {
  test('within some minutes is a series of one Event', async () => {
    note();
    await clock.advance(10_000);
    note();
    await clock.advance(10_000);
    expect(made()).toEqual([
      'Warning | ServerDown | on a: it fails',
      'series {"count":2,"lastObservedTime":"2026-01-01T00:00:10.000000Z"}',
    ]);
    await clock.advance(400_000);
    note();
    await clock.settle();
    expect(created()).toHaveLength(2);
  });

  test('and again for hours is told once a minute, with all that were counted', async () => {
    for (let i = 0; i < 720; i++) {
      note();
      await clock.advance(5000);
    }
    expect(created()).toHaveLength(1);
    const told = api.requests.length;
    expect(told).toBeGreaterThan(55);
    expect(told).toBeLessThan(65);
    await clock.advance(MINUTE);
    expect(made().at(-1)).toContain('"count":720');
  });

  test('after its Event was lost is a new one', async () => {
    note();
    await clock.advance(1000);
    api.fault = ({ method }) => (method === 'PATCH' ? 404 : undefined);
    note();
    await clock.advance(1000);
    note();
    await clock.advance(1000);
    expect(created()).toHaveLength(2);
  });
});

describe('an object that never comes to rest', () => {
  test('has few Events, and no other object has fewer for it', async () => {
    for (let i = 0; i < 600; i++) {
      note({ note: `server ${i} fails` });
      await clock.advance(1000);
    }
    const ofWeb = created().length;
    expect(ofWeb).toBeGreaterThanOrEqual(10);
    expect(ofWeb).toBeLessThanOrEqual(20);
    note({ object: 'VirtualService shop/api' });
    await clock.advance(1000);
    expect(created()).toHaveLength(ofWeb + 1);
  });

  test('has the others counted in the last Event of their reason', async () => {
    for (let i = 0; i < 30; i++) note({ note: `server ${i} fails` });
    await clock.advance(30_000);
    expect(created()).toHaveLength(10);
    expect(made().filter((text) => text.startsWith('series'))).toEqual([
      'series {"count":21,"lastObservedTime":"2026-01-01T00:00:00.000000Z"}',
    ]);
  });
});

test('a crowd of objects is told of slowly, and cut short', async () => {
  for (let i = 0; i < 500; i++) note({ object: `VirtualService shop/s${i}` });
  await clock.advance(5000);
  expect(made().length).toBeLessThanOrEqual(11);
  await clock.advance(600_000);
  expect(made().length).toBeLessThanOrEqual(101);
  expect(results).toHaveLength(500);
  expect(results.filter((result) => result === 'lost')).toHaveLength(400);
});

test('trouble with one loses that one', async () => {
  api.fault = () => 500;
  note();
  await clock.advance(1000);
  api.fault = () => undefined;
  note({ object: 'Director edge' });
  await clock.advance(1000);
  expect(api.requests.map(({ path }) => path)).toEqual([
    '/apis/events.k8s.io/v1/namespaces/shop/events',
    '/apis/events.k8s.io/v1/namespaces/default/events',
  ]);
  expect(results).toEqual(['lost', 'made']);
});
