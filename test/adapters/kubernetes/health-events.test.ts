import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventDraft } from '../../../src/adapters/kubernetes/event-recorder.js';
import { HealthEvents } from '../../../src/adapters/kubernetes/health-events.js';
import type { ControllerEvent, DrainChange } from '../../../src/reconcile/index.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing } from './manual-pacing.js';

const WEB = { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web' };
const WEB_TLS = { ...WEB, service: 'TCP 10.0.0.1:443' };

let clock: ManualClock;
let events: HealthEvents;
let notes: EventDraft[];
let lost: number;
let stop: () => Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  notes = [];
  lost = 0;
  events = new HealthEvents({
    pacing: manualPacing(clock),
    find: (object) => (object.includes('unknown') ? undefined : { uid: `uid of ${object}` }),
    note: (draft) => notes.push(draft),
    onLost: () => lost++,
  });
  const ending = new AbortController();
  const running = events.run(ending.signal);
  stop = async () => {
    ending.abort();
    await running;
  };
});

afterEach(() => stop());

/** What is told a second after these events. */
async function told(...happened: readonly ControllerEvent[]): Promise<readonly string[]> {
  for (const event of happened) events.observe(event);
  await clock.advance(1000);
  return notes.map(({ type, reason, note }) => [type, reason, note].join(' | '));
}

function servers(isPassing: boolean, addresses: readonly string[], place = WEB): ControllerEvent {
  const cause = isPassing
    ? ({ code: 'L4OK', message: '', latencyMilliseconds: 1 } as const)
    : ({ code: 'L4CON', message: 'connection refused', latencyMilliseconds: 1 } as const);
  return {
    kind: 'ServersChanged',
    changes: addresses.map((address) => ({ ...place, server: `${address}:80`, isPassing, cause })),
  };
}

function drains(server: string | null, step: DrainChange['step']): ControllerEvent {
  return { kind: 'DrainsChanged', changes: [{ ...WEB, server, step }] };
}

const A = '192.168.0.1';
const quorum = (holds: boolean, place = WEB): ControllerEvent => ({
  ...{ kind: 'QuorumChanged', holds, hasSorryServers: true },
  ...place,
});

test.each<readonly [string, ControllerEvent, string]>([
  [
    'a server that fails',
    servers(false, [A]),
    'Warning | ServerDown | real server 192.168.0.1:80 fails: L4CON connection refused',
  ],
  ['one that is back', servers(true, [A]), 'Normal | ServerUp | real server 192.168.0.1:80 passes again: L4OK'],
  ['a lost quorum', quorum(false), 'Warning | QuorumLost | service TCP 10.0.0.1:80 lost its quorum'],
  ['its return', quorum(true), 'Normal | QuorumRegained | service TCP 10.0.0.1:80 has its quorum again'],
  [
    'sorry servers',
    { kind: 'SorryServers', ...WEB, areInUse: true },
    'Warning | SorryServersInUse | service TCP 10.0.0.1:80 is served by sorry servers',
  ],
  [
    'their end',
    { kind: 'SorryServers', ...WEB, areInUse: false },
    'Normal | SorryServersReleased | service TCP 10.0.0.1:80 needs no sorry servers any more',
  ],
  [
    'a drain that begins',
    drains(`${A}:80`, 'Began'),
    'Normal | DrainBegan | real server 192.168.0.1:80 drains, and keeps the connections that it has',
  ],
  [
    'a server that a person takes out',
    drains(`${A}:80`, 'TakenOut'),
    'Normal | DrainBegan | real server 192.168.0.1:80 drains, and keeps the connections that it has: a person took it out',
  ],
  [
    'one of a whole service that ends',
    drains(null, 'TimeIsUp'),
    'Normal | DrainEnded | service TCP 10.0.0.1:80 has drained: its time is up',
  ],
  [
    'one that somebody has ended',
    drains(`${A}:80`, 'Cancelled'),
    'Normal | DrainCancelled | real server 192.168.0.1:80 drains no more: it is declared again',
  ],
])('%s is an Event', async (_, event, expected) => {
  expect(await told(event)).toEqual([expected]);
  expect(notes[0]).toMatchObject({ object: WEB.object, uid: 'uid of VirtualService shop/web' });
});

test('many servers of an object are one Event, which counts them and names a few', async () => {
  const addresses = Array.from({ length: 100 }, (_, i) => `192.168.1.${i}`);
  expect(await told(servers(false, addresses.slice(0, 60)), servers(false, addresses.slice(60)))).toEqual([
    'Warning | ServerDown | 100 real servers fail: 192.168.1.0:80 (L4CON connection refused), ' +
      '192.168.1.1:80 (L4CON connection refused), 192.168.1.2:80 (L4CON connection refused) and 97 more',
  ]);
});

test('a server behind several ports is one server, and services are counted as such', async () => {
  expect(await told(servers(false, [A]), servers(false, [A], WEB_TLS), quorum(false), quorum(false, WEB_TLS))).toEqual([
    'Warning | ServerDown | real server 192.168.0.1:80 fails: L4CON connection refused',
    'Warning | QuorumLost | 2 services lost their quorum: TCP 10.0.0.1:80, TCP 10.0.0.1:443',
  ]);
});

test('every object has its own', async () => {
  const api = { service: 'TCP 10.0.0.2:80', object: 'VirtualService shop/api' };
  await told(servers(false, [A]), servers(false, [A], api));
  expect(notes.map(({ object }) => object)).toEqual([WEB.object, api.object]);
});

test('what happened last is told last', async () => {
  await told(servers(false, [A]), servers(true, [A]), servers(false, [A]));
  expect(notes.map(({ reason }) => reason)).toEqual(['ServerUp', 'ServerDown']);
});

test('of objects that the cluster does not have, as those of files, there is none', async () => {
  expect(await told(servers(false, [A], { ...WEB, object: 'VirtualService shop/unknown' }))).toEqual([]);
});

test('of ten thousand objects at once only some are told of', async () => {
  const changes = Array.from({ length: 10_000 }, (_, i) => ({
    ...{ service: `TCP 10.0.0.1:${i}`, object: `VirtualService shop/s${i}` },
    ...{ server: `${A}:80`, isPassing: false, cause: null },
  }));
  expect(await told({ kind: 'ServersChanged', changes })).toHaveLength(100);
  expect(lost).toBe(9900);
});
