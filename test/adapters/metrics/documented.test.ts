import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createControllerMetrics, writeObjectMetrics } from '../../../src/adapters/metrics/index.js';
import { snapshotWith } from '../../cli/controller-snapshot.js';

test('every metric of the controller is documented', async () => {
  const documented = readFileSync(new URL('../../../docs/running.md', import.meta.url), 'utf8');
  const followed = () => new Map();
  let text = await createControllerMetrics({
    version: '1.0.0',
    nowSeconds: () => 0,
    snapshot: () => snapshotWith(),
    watches: { followed, nowMilliseconds: () => 0 },
  }).text();
  for await (const piece of writeObjectMetrics([], () => Promise.resolve())) text += piece;
  const names = Array.from(text.matchAll(/^# TYPE ipvs_operator_(\w+) /gm), ([, name = '']) => name);
  expect(names.length).toBeGreaterThan(30);
  // Some share a line, and say only what is different of them.
  const missing = names.filter((name) => !new RegExp(`[_\`]${name.replace(/^watch_/, '')}[\`{]`).test(documented));
  expect(missing).toEqual([]);
});
