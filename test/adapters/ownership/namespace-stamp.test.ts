import { expect, test } from 'vitest';
import { readNamespaceStamp } from '../../../src/adapters/ownership/index.js';
import { UserError } from '../../../src/errors/index.js';

test('the stamp names this boot and this namespace, and stays the same', () => {
  const stamp = readNamespaceStamp();
  expect(stamp.bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(stamp.namespaceInode).toBeGreaterThan(0);
  expect(stamp.namespaceSocketInode).toBeGreaterThan(0);
  expect(readNamespaceStamp()).toEqual(stamp);
});

test('where /proc cannot be read, the error says so', () => {
  expect(() => readNamespaceStamp('/nowhere')).toThrow(UserError);
  expect(() => readNamespaceStamp('/nowhere')).toThrow(/which network namespace .*ENOENT.*\/nowhere\/sys/);
});
