import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHealthMemory } from '../../../src/adapters/state/index.js';
import { NOTHING_STORED } from '../../../src/health/index.js';
import type { StoredHealth } from '../../../src/health/index.js';
import { real } from '../../health/service.js';

let directory = '';
let reasons: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'health-'));
  reasons = [];
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function memory(stateFolder = '/run/here') {
  return createHealthMemory({ directory, stateFolder, onUnusable: (reason) => reasons.push(reason) });
}

const STORED: StoredHealth = {
  targets: ['192.168.0.1 80 Passing {}'],
  advised: {
    '192.168.0.1 80 Passing {}': { state: 'Up', mode: 'Drain', weight: { kind: 'Percent', percent: 50 } },
    '192.168.0.2 80 Passing {}': { state: 'Down', mode: 'Ready', weight: { kind: 'Absolute', weight: 7 } },
    '192.168.0.3 80 Passing {}': { state: 'Up', mode: 'Maintenance', weight: null },
  },
  services: {
    'TCP 10.0.0.1:80': {
      hasQuorum: false,
      ramps: { '192.168.0.2:80': 17 },
      leaving: [{ server: real('c', 0), sinceMilliseconds: 1, deadlineMilliseconds: 2 }],
    },
  },
  drains: [{ address: '192.168.0.1', port: null, service: 'VirtualService shop/web' }],
  departures: {
    'TCP 10.0.0.2:80': { object: 'VirtualService shop/old', drainMilliseconds: 30_000, sinceMilliseconds: 3 },
    'FWM 7': { object: 'VirtualService shop/old', drainMilliseconds: 30_000, sinceMilliseconds: null },
  },
};

test('what was saved is loaded, by the controller of the same state folder', async () => {
  expect(await memory().load()).toEqual(NOTHING_STORED);
  await memory().save(STORED);
  expect(await memory().load()).toEqual(STORED);
  expect(await memory('/run/there').load()).toEqual(NOTHING_STORED);
  expect(reasons).toEqual([]);
});

test.each([
  ['cut off', '{"version": 1, "targets": ["a'],
  ['of another version', JSON.stringify({ version: 2, ...STORED })],
  [
    'of another shape',
    JSON.stringify({ version: 1, ...STORED, drains: [{ address: 'nowhere', port: 1, service: null }] }),
  ],
  [
    'of other words',
    JSON.stringify({ version: 1, ...STORED, advised: { x: { state: 'Up', mode: 'Away', weight: null } } }),
  ],
  ['no mapping', 'null'],
])('a file that is %s is said to be unusable', async (_, text) => {
  await memory().save(STORED);
  const [name = ''] = await readdir(directory);
  await writeFile(join(directory, name), text);
  expect(await memory().load()).toEqual(NOTHING_STORED);
  expect(reasons).toEqual([`${join(directory, name)} is damaged, or of another version`]);
});
