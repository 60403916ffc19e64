import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addWatchMetrics } from '../../../src/adapters/metrics/watch-metrics.js';

test('What is followed is told as it is when somebody asks, however often', async () => {
  const registry = new Registry();
  const counts = { objects: 3, lists: 2, expirations: 1, watches: 4, failures: 5, events: 6 };
  addWatchMetrics(registry, {
    followed: () =>
      new Map([
        ['virtualservices', { ...counts, lastEventMilliseconds: 1000 }],
        ['nodes', { ...counts, lastEventMilliseconds: undefined }],
      ]),
    nowMilliseconds: () => 3500,
  });
  await registry.metrics();
  const lines = (await registry.metrics()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'ipvs_operator_watch_lists_total{resource="virtualservices"} 2',
      'ipvs_operator_watch_expirations_total{resource="virtualservices"} 1',
      'ipvs_operator_watch_starts_total{resource="virtualservices"} 4',
      'ipvs_operator_watch_failures_total{resource="virtualservices"} 5',
      'ipvs_operator_watch_events_total{resource="virtualservices"} 6',
      'ipvs_operator_watch_objects{resource="nodes"} 3',
      'ipvs_operator_watch_silence_seconds{resource="virtualservices"} 2.5',
    ]),
  );
  expect(lines.filter((line) => line.includes('silence_seconds{resource="nodes"}'))).toEqual([]);
});
