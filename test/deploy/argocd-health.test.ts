import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SCRIPT = readFileSync(new URL('../../deploy/argocd/health.lua', import.meta.url), 'utf8');

/** Runs the script as Argo CD does: the object is the global `obj`, and the health is what it returns. */
function healthOf(object: unknown): string {
  const program = `obj = ${luaOf(object)}\nlocal health = (function()\n${SCRIPT}\nend)()\nprint(health.status .. ": " .. tostring(health.message))`;
  const { stdout, stderr, error } = spawnSync('lua5.4', ['-'], { input: program, encoding: 'utf8' });
  if (error !== undefined) throw error;
  expect(stderr).toBe('');
  return stdout.trim();
}

function luaOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(luaOf).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `[${JSON.stringify(key)}] = ${luaOf(item)}`)
    .join(', ')}}`;
}

const ready = (status: string, observedGeneration: number, message: string) => ({
  conditions: [
    { type: 'Accepted', status: 'True', observedGeneration, message: 'accepted' },
    { type: 'Ready', status, observedGeneration, message },
  ],
});
const object = (status?: object, spec: object = {}) => ({
  kind: 'VirtualService',
  metadata: { name: 'web', generation: 2 },
  spec,
  ...(status === undefined ? {} : { status }),
});

test.each([
  ['one that every director has is healthy', object(ready('True', 2, '3 of 3')), 'Healthy: 3 of 3'],
  ['one that a director could not take is degraded', object(ready('False', 2, 'conflict')), 'Degraded: conflict'],
  ['one of which that is not known is progressing', object(ready('Unknown', 2, 'wait')), 'Progressing: wait'],
  [
    'one whose last change no director has is progressing',
    object(ready('True', 1, '3 of 3')),
    'Progressing: the last change is not in the kernel yet',
  ],
  ['a new one is progressing', object(), 'Progressing: no director has reported yet'],
  ['one without conditions is progressing', object({}), 'Progressing: no director has reported yet'],
  [
    'a suspended one is suspended, whatever was said of it',
    object(ready('Unknown', 2, ''), { suspend: true }),
    'Suspended: left as it is in the kernel',
  ],
])('%s', (_, given, expected) => {
  expect(healthOf(given)).toBe(expected);
});
