import { expect, test } from 'vitest';
import { readNamespaceStamp } from '../../../src/adapters/state/index.js';

test('the stamp names this boot and this namespace, and stays the same', () => {
  const stamp = readNamespaceStamp();
  expect(stamp.bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(stamp.namespaceInode).toBeGreaterThan(0);
  expect(stamp.namespaceSocketInode).toBeGreaterThan(0);
  expect(readNamespaceStamp()).toEqual(stamp);
});
