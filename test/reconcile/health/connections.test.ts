import { expect, test } from 'vitest';
import type { ObservedService, ServiceKey } from '../../../src/model/index.js';
import { realServerKeyText, serviceKeyText } from '../../../src/model/index.js';
import { Connections } from '../../../src/reconcile/health/connections.js';
import { createFakeKernel } from '../../../src/testing/index.js';
import { server, tcp } from '../../plan/states.js';
import { PLAIN_SETTINGS } from '../../samples.js';
import { ManualClock } from '../manual-clock.js';

const KEY = tcp('10.0.0.1');
const SERVICE = serviceKeyText(KEY);
const [A, B] = [server('192.168.0.1', { weight: 0 }), server('192.168.0.2', { weight: 0 })];
const [NAME_A, NAME_B] = [realServerKeyText(A), realServerKeyText(B)];

test('a look counts for who was leaving when it began, also where others begin to leave meanwhile', async () => {
  const kernel = createFakeKernel({ services: [{ key: KEY, settings: PLAIN_SETTINGS, servers: [A, B] }] });
  const clock = new ManualClock();
  const ended: string[] = [];
  const connections = new Connections({ kernel, clock, onEnd: (service) => ended.push(service) });
  const read = kernel.readObservedServices.bind(kernel);
  kernel.readObservedServices = async (
    keys: readonly ServiceKey[],
  ): Promise<readonly (ObservedService | undefined)[]> => {
    const services = await read(keys);
    connections.watch(KEY, [NAME_A, NAME_B]);
    return services;
  };
  connections.watch(KEY, [NAME_A]);
  await clock.advance(1000);
  expect([NAME_A, NAME_B].map((name) => connections.countOf(SERVICE, name))).toEqual([0, undefined]);
  await clock.advance(1000);
  expect([NAME_A, NAME_B].map((name) => connections.hasEnded(SERVICE, name))).toEqual([true, false]);
  expect(ended).toEqual([SERVICE]);
  await clock.advance(1000);
  expect(connections.hasEnded(SERVICE, NAME_B)).toBe(true);
  connections.stop();
});
