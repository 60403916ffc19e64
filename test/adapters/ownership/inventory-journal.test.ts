import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInventory } from '../../../src/adapters/ownership/index.js';
import type { NamespaceStamp } from '../../../src/adapters/ownership/index.js';
import { UserError } from '../../../src/errors/index.js';
import type { InventoryEntry } from '../../../src/kernel/index.js';

const STAMP: NamespaceStamp = { bootId: 'a', namespaceInode: 7, namespaceSocketInode: 70 };
const WEB: InventoryEntry = { object: 'VirtualService shop/web', set: 'default' };
const DNS: InventoryEntry = { object: 'VirtualService shop/dns', set: 'blue' };

let folder = '';
let directory = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  directory = join(folder, 'state');
  file = join(directory, 'inventory-7.jsonl');
});

afterEach(() => rm(folder, { recursive: true }));

async function entriesAfresh(stamp = STAMP): Promise<Readonly<Record<string, InventoryEntry>>> {
  return Object.fromEntries((await openInventory({ directory, stamp })).entries());
}

async function write(...keys: readonly string[]): Promise<void> {
  const inventory = await openInventory({ directory, stamp: STAMP });
  await inventory.record(keys.map((key) => ({ key, ...WEB })));
  await inventory.close();
}

describe('what is about to be made', () => {
  test('stays so for the next process until it is confirmed, one by one or all at once', async () => {
    const inventory = await openInventory({ directory, stamp: STAMP });
    const keys = ['TCP 10.0.0.1:80', 'TCP 10.0.0.2:80', 'TCP 10.0.0.3:80'];
    await inventory.record(keys.map((key) => ({ key, ...WEB, imprint: `like ${key}` })));
    expect(await entriesAfresh()).toEqual(
      Object.fromEntries(keys.map((key) => [key, { ...WEB, imprint: `like ${key}` }])),
    );
    const [first = '', second = '', third = ''] = keys;
    await inventory.confirm([first, 'FWM 999']);
    const partly = {
      [first]: WEB,
      [second]: { ...WEB, imprint: `like ${second}` },
      [third]: { ...WEB, imprint: `like ${third}` },
    };
    expect(Object.fromEntries(inventory.entries())).toEqual(partly);
    expect(await entriesAfresh()).toEqual(partly);
    await inventory.confirm([second, third]);
    expect(await entriesAfresh()).toEqual({ [first]: WEB, [second]: WEB, [third]: WEB });
    await inventory.record([{ key: second, ...WEB, imprint: 'anew' }]);
    expect(await entriesAfresh()).toEqual({ [first]: WEB, [second]: { ...WEB, imprint: 'anew' }, [third]: WEB });
    await inventory.close();
  });
});

describe('what is recorded', () => {
  test('is there for the next process, what was forgotten is not', async () => {
    const inventory = await openInventory({ directory, stamp: STAMP });
    await inventory.record([
      { key: 'TCP 10.0.0.1:80', ...WEB },
      { key: 'UDP 10.0.0.1:53', ...DNS },
      { key: 'FWM 7', ...WEB },
    ]);
    await inventory.record([{ key: 'FWM 7', ...DNS }]);
    await inventory.forget(['TCP 10.0.0.1:80', 'FWM 999']);
    const expected = { 'UDP 10.0.0.1:53': DNS, 'FWM 7': DNS };
    expect(Object.fromEntries(inventory.entries())).toEqual(expected);
    expect(await entriesAfresh()).toEqual(expected);
    await inventory.close();
  });

  test('goes to the file in the order of the calls, awaited or not', async () => {
    const inventory = await openInventory({ directory, stamp: STAMP });
    await Promise.all([
      inventory.record([{ key: 'FWM 1', ...WEB }]),
      inventory.forget(['FWM 1']),
      inventory.record([{ key: 'FWM 1', ...DNS }]),
      inventory.record([{ key: 'FWM 2', ...WEB }]),
      inventory.forget(['FWM 2']),
    ]);
    expect(await entriesAfresh()).toEqual({ 'FWM 1': DNS });
    await inventory.close();
  });

  test('costs one line for one key, and nothing where it is known', async () => {
    await write('FWM 1', 'FWM 2');
    const before = (await stat(file)).size;
    await write('FWM 1', 'FWM 2');
    expect((await stat(file)).size).toBe(before);
    await write('FWM 3');
    expect((await stat(file)).size - before).toBeLessThan(100);
  });

  test('is readable by its owner alone', async () => {
    await write('FWM 1');
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

test('opening alone makes neither the folder nor the file', async () => {
  expect(await entriesAfresh()).toEqual({});
  expect(await readdir(folder)).toEqual([]);
});

test('a file that is mostly garbage is written anew', async () => {
  const inventory = await openInventory({ directory, stamp: STAMP });
  await inventory.record([{ key: 'FWM 1', ...WEB }]);
  for (let i = 0; i < 600; i++) {
    await inventory.record([{ key: 'FWM 2', ...WEB }]);
    await inventory.forget(['FWM 2']);
  }
  await inventory.record([{ key: 'FWM 3', ...DNS }]);
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.length).toBeLessThan(500);
  expect(await entriesAfresh()).toEqual({ 'FWM 1': WEB, 'FWM 3': DNS });
  expect(await readdir(directory)).toEqual(['inventory-7.jsonl']);
  await inventory.close();
});

describe('a journal that was cut short', () => {
  test('at any byte has every whole line, and goes on from there', async () => {
    await write('FWM 1', 'FWM 2', 'UDP [2001:db8::1]:53');
    const whole = await readFile(file);
    const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 10).map(([i]) => i + 1);
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(file, whole);
      await truncate(file, length);
      const count = Math.max(0, lineEnds.filter((end) => end <= length).length - 1);
      expect(Object.keys(await entriesAfresh()), `cut at ${length}`).toHaveLength(count);
      await write('FWM 4');
      expect(Object.keys(await entriesAfresh()), `cut at ${length}`).toHaveLength(count + 1);
    }
  });

  test.each([
    ['text that is no JSON', 'garbage\n'],
    ['JSON that is no line of ours', '[1]\n'],
    ['null', 'null\n'],
    ['a record without an object', '{"record":"FWM 9"}\n'],
    ['bytes that are no text', '\u0000\u0001\n'],
  ])('and goes on with %s counts up to there', async (_, line) => {
    await write('FWM 1');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}${line}{"record":"FWM 2","object":"x","set":"y"}\n`);
    expect(await entriesAfresh()).toEqual({ 'FWM 1': WEB });
    await write('FWM 3');
    expect(await entriesAfresh()).toEqual({ 'FWM 1': WEB, 'FWM 3': WEB });
  });
});

describe('the stamp', () => {
  test.each<[string, Partial<NamespaceStamp>]>([
    ['another boot', { bootId: 'b' }],
    ['a later namespace with the same number', { namespaceSocketInode: 71 }],
  ])('of %s voids the journal', async (_, other) => {
    await write('FWM 1');
    const stamp = { ...STAMP, ...other };
    const inventory = await openInventory({ directory, stamp });
    expect(inventory.entries().size).toBe(0);
    await inventory.record([{ key: 'FWM 2', ...DNS }]);
    await inventory.close();
    expect(await entriesAfresh(stamp)).toEqual({ 'FWM 2': DNS });
    expect(await entriesAfresh()).toEqual({});
  });

  test('of another namespace is another file', async () => {
    const other = { ...STAMP, namespaceInode: 8 };
    await write('FWM 1');
    const inventory = await openInventory({ directory, stamp: other });
    await inventory.record([{ key: 'FWM 2', ...DNS }]);
    await inventory.close();
    expect(await entriesAfresh()).toEqual({ 'FWM 1': WEB });
    expect(await entriesAfresh(other)).toEqual({ 'FWM 2': DNS });
  });
});

describe('refuses', () => {
  test('a file that is a symbolic link', async () => {
    await write('FWM 1');
    await rm(file);
    await symlink('/etc/passwd', file);
    await expect(entriesAfresh()).rejects.toThrow(UserError);
  });

  test('a file that has a second name', async () => {
    await write('FWM 1');
    await link(file, join(folder, 'other'));
    await expect(entriesAfresh()).rejects.toThrow(UserError);
  });

  test('a file that others may write to', async () => {
    await write('FWM 1');
    await chmod(file, 0o666);
    await expect(entriesAfresh()).rejects.toThrow(UserError);
  });

  test('a folder that others may write to', async () => {
    await mkdir(directory);
    await chmod(directory, 0o777);
    await expect(write('FWM 1')).rejects.toThrow(UserError);
  });

  test('a folder that is a symbolic link', async () => {
    await mkdir(join(folder, 'real'), { mode: 0o700 });
    await symlink('real', directory);
    await expect(write('FWM 1')).rejects.toThrow(UserError);
  });

  test('a folder that is a file, with its path in the message', async () => {
    await writeFile(directory, '');
    await expect(write('FWM 1')).rejects.toThrow(directory);
  });

  test('to write over what another process wrote since it was opened', async () => {
    const inventory = await openInventory({ directory, stamp: STAMP });
    await write('FWM 1');
    await expect(inventory.record([{ key: 'FWM 2', ...WEB }])).rejects.toThrow('without the lock');
    expect(await entriesAfresh()).toEqual({ 'FWM 1': WEB });
  });
});
