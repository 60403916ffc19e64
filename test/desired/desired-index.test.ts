import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveWanted, DesiredIndex } from '../../src/desired/index.js';
import type { DeclaredDocument, DeclaredVirtualService, UnitChange } from '../../src/desired/index.js';
import { director, virtualService } from './documents.js';

function present(unit: string, ...documents: readonly DeclaredDocument[]): UnitChange {
  return { unit, content: { kind: 'Present', documents } };
}

function gone(unit: string): UnitChange {
  return { unit, content: { kind: 'Gone' } };
}

function broken(unit: string): UnitChange {
  return { unit, content: { kind: 'Broken', issues: [{ path: '', reason: 'Syntax', message: `${unit} is no YAML` }] } };
}

/** An object on port 80 of some addresses. */
function web(name: string, addresses: readonly string[], weight = 1): DeclaredVirtualService {
  return virtualService(name, {
    addresses: [...addresses],
    ports: [{ port: 80 }],
    realServers: [{ address: '192.168.0.1', weight }],
  });
}

function indexOf(holders: Readonly<Record<string, string>> = {}, sources: readonly string[] = ['files']): DesiredIndex {
  return new DesiredIndex({ sources, holderOf: (key) => holders[key] });
}

const KEY = 'TCP 10.0.0.1:80';

function ownerIn(index: DesiredIndex, key = KEY): string | undefined {
  return index.wanted.services.get(key)?.object;
}

async function messagesOf(index: DesiredIndex): Promise<readonly string[]> {
  return (await index.issues()).map(({ object, reason, message }) => `${object ?? '-'} ${reason}: ${message}`);
}

describe('one change', () => {
  test('touches the keys of the object that changed, and of them those that differ', () => {
    const index = indexOf();
    index.update('files', [present('a', web('a', ['10.0.0.1', '10.0.0.2'])), present('b', web('b', ['10.0.0.3']))]);
    const { keys } = index.update('files', [present('a', web('a', ['10.0.0.1', '10.0.0.4']))]);
    expect([...keys].sort()).toEqual(['TCP 10.0.0.2:80', 'TCP 10.0.0.4:80']);
    expect([...index.update('files', [present('a', web('a', ['10.0.0.1', '10.0.0.4']))]).keys]).toEqual([]);
  });

  test('an object that moves to another unit touches nothing', () => {
    const index = indexOf();
    index.update('files', [present('a', web('a', ['10.0.0.1']))]);
    expect([...index.update('files', [gone('a'), present('b', web('a', ['10.0.0.1']))]).keys]).toEqual([]);
    expect(ownerIn(index)).toBe('VirtualService shop/a');
  });

  test('a unit that breaks keeps its last good documents, and is right again with the next good ones', async () => {
    const index = indexOf();
    index.update('files', [present('a', web('a', ['10.0.0.1']))]);
    index.complete('files');
    expect(index.update('files', [broken('a')])).toMatchObject({ keys: new Set(), director: false });
    expect(ownerIn(index)).toBe('VirtualService shop/a');
    expect(index.isEverythingKnown()).toBe(false);
    expect(await messagesOf(index)).toEqual(['- Syntax: a is no YAML']);
    index.update('files', [present('a')]);
    expect(ownerIn(index)).toBeUndefined();
    expect(index.isEverythingKnown()).toBe(true);
  });
});

describe('two objects that claim one key', () => {
  test('the first name gets it, and the other one once it is free', async () => {
    const index = indexOf();
    index.update('files', [present('1', web('b', ['10.0.0.1', '10.0.0.2'])), present('2', web('a', ['10.0.0.1']))]);
    expect(ownerIn(index)).toBe('VirtualService shop/a');
    expect(ownerIn(index, 'TCP 10.0.0.2:80')).toBe('VirtualService shop/b');
    expect(await messagesOf(index)).toEqual([
      'VirtualService shop/b Conflict: TCP 10.0.0.1:80 of VirtualService shop/b is claimed by VirtualService shop/a already',
    ]);
    expect([...index.update('files', [gone('2')]).keys]).toEqual([KEY]);
    expect(ownerIn(index)).toBe('VirtualService shop/b');
    expect(await messagesOf(index)).toEqual([]);
  });

  test('who holds it in the kernel keeps it', () => {
    const index = indexOf({ [KEY]: 'VirtualService shop/b' });
    index.update('files', [present('1', web('b', ['10.0.0.1'])), present('2', web('a', ['10.0.0.1']))]);
    expect(ownerIn(index)).toBe('VirtualService shop/b');
  });

  test('the older one gets it before the first name', () => {
    const young = virtualService(
      'a',
      { addresses: ['10.0.0.1'], ports: [{ port: 80 }] },
      { creationTimestamp: '2026-02-01T00:00:00Z' },
    );
    const old = virtualService(
      'b',
      { addresses: ['10.0.0.1'], ports: [{ port: 80 }] },
      { creationTimestamp: '2026-01-01T00:00:00Z' },
    );
    const index = indexOf();
    index.update('files', [present('1', young), present('2', old)]);
    expect(ownerIn(index)).toBe('VirtualService shop/b');
  });

  test('while not all is read, the holder keeps it without having been seen', () => {
    const index = indexOf({ [KEY]: 'VirtualService shop/b' }, ['files', 'more']);
    index.update('files', [present('2', web('a', ['10.0.0.1']))]);
    index.complete('files');
    expect(ownerIn(index)).toBeUndefined();
    expect([...index.wanted.suspended]).toEqual([[KEY, 'VirtualService shop/b']]);
    expect([...index.complete('more').keys]).toEqual([KEY]);
    expect(ownerIn(index)).toBe('VirtualService shop/a');
  });
});

test('an object that is declared twice applies as its first place says, whichever came first', async () => {
  const index = indexOf();
  index.update('files', [present('b.yaml', web('a', ['10.0.0.1'], 2))]);
  index.update('files', [present('a.yaml', web('a', ['10.0.0.1'], 1))]);
  expect(index.wanted.services.get(KEY)?.servers[0]?.weight).toBe(1);
  expect(await messagesOf(index)).toEqual([
    'VirtualService shop/a Duplicate: VirtualService shop/a is declared already',
  ]);
  index.update('files', [gone('a.yaml')]);
  expect(index.wanted.services.get(KEY)?.servers[0]?.weight).toBe(2);
});

test('what a Director forbids is left as it is, until it is allowed again', async () => {
  const index = indexOf();
  index.update('files', [present('a', web('a', ['10.0.0.1']))]);
  const { keys, director: isTouched } = index.update('files', [
    present('edge', director('edge', { allowedServerCIDRs: ['172.16.0.0/12'], timeouts: { udpSeconds: 5 } })),
  ]);
  expect([[...keys], isTouched]).toEqual([[KEY], true]);
  expect(index.wanted.services.size).toBe(0);
  expect([...index.wanted.suspended.keys()]).toEqual([KEY]);
  expect([...(index.wanted.frozen ?? [])]).toEqual(['VirtualService shop/a']);
  expect(await messagesOf(index)).toEqual([
    'VirtualService shop/a NotAllowed: 192.168.0.1 is in none of the allowedServerCIDRs of Director edge',
  ]);
  index.update('files', [gone('edge')]);
  expect(ownerIn(index)).toBe('VirtualService shop/a');
  expect(index.wanted.frozen?.size).toBe(0);
});

describe('addresses that belong to a node', () => {
  const LOCAL = [
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '239.1.1.1',
    '::1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'ff02::1',
  ];
  const OTHERS = ['10.0.0.1', '128.0.0.1', '169.253.0.1', '223.255.0.1', 'fd00::1', '2001:db8::1', 'fec0::1'];

  function declared(address: string, place: 'real' | 'sorry' | 'asked'): DeclaredVirtualService {
    const family = address.includes(':') ? '2001:db8::80' : '10.0.0.80';
    const good = address.includes(':') ? '2001:db8::9' : '192.168.0.9';
    return virtualService('a', {
      addresses: [family],
      ports: [{ port: 80 }],
      realServers: [{ address: place === 'real' ? address : good }],
      sorryServers: place === 'sorry' ? [{ address }] : [],
      ...(place === 'asked' ? { health: { checks: [{ name: 'open', type: 'TCP' as const, address }] } } : {}),
    });
  }

  test.each([
    ['real', 'spec.realServers[0].address'],
    ['sorry', 'spec.sorryServers[0].address'],
    ['asked', 'spec.health.checks[0].address'],
  ] as const)('are refused to objects of a cluster: %s', async (place, path) => {
    for (const address of LOCAL) {
      const index = indexOf();
      index.update('files', [present('a', declared(address, place))]);
      expect(index.wanted.services.size).toBe(0);
      const [issue] = await index.issues();
      expect(issue).toMatchObject({ path, reason: 'NotAllowed' });
      expect(issue?.message).toContain(`${address} is the address of no server here`);
    }
    for (const address of OTHERS) {
      const index = indexOf();
      index.update('files', [present('a', declared(address, place))]);
      expect(await index.issues()).toEqual([]);
    }
  });

  test.each([
    ['127.0.0.1', []],
    ['10.9.0.1', ['VirtualService shop/a NotAllowed: 10.9.0.1 is in none of the allowedServerCIDRs of Director edge']],
  ])('are allowed by a Director that says so, and then nothing else is: %s', async (address, messages) => {
    const index = indexOf();
    const edge = director('edge', { allowedServerCIDRs: ['127.0.0.0/8'] });
    index.update('files', [present('a', declared(address, 'real')), present('edge', edge)]);
    expect(await messagesOf(index)).toEqual(messages);
  });

  test('are no fault in files, which speak for their own host', async () => {
    const source = { file: 'a.yaml', text: '', start: 0, end: 0, index: 0, root: [] };
    const index = indexOf();
    index.update('files', [present('a', { ...declared('127.0.0.1', 'real'), source })]);
    expect(await index.issues()).toEqual([]);
    expect(index.wanted.services.size).toBe(1);
  });
});

test('of two Directors the first name applies whole', async () => {
  const index = indexOf();
  index.update('files', [present('1', director('b', { timeouts: { udpSeconds: 5 } }))]);
  expect(index.wanted.director?.object).toBe('Director b');
  index.update('files', [present('2', director('a', {}))]);
  expect(index.wanted.director).toMatchObject({ object: 'Director a', timeouts: {} });
  expect(await messagesOf(index)).toEqual([
    'Director b Conflict: one director is described by one Director, and that is Director a',
  ]);
});

const NAMES = ['a', 'b', 'c', 'd'];

/** Objects that never claim the same key: each has addresses of its own. */
const object = fc
  .record({
    name: fc.constantFrom(...NAMES),
    hosts: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }),
    ports: fc.uniqueArray(fc.constantFrom(80, 81), { minLength: 1 }),
    servers: fc.uniqueArray(fc.integer({ min: 1, max: 4 })),
    weight: fc.nat(2),
    suspend: fc.boolean(),
  })
  .map(({ name, hosts, ports, servers, weight, suspend }): DeclaredDocument =>
    virtualService(name, {
      addresses: hosts.map((host) => `10.0.${NAMES.indexOf(name)}.${host}`),
      ports: ports.map((port) => ({ port })),
      realServers: servers.map((host) => ({ address: `192.168.0.${host}`, weight })),
      suspend,
    }),
  );
const edge = fc
  .constantFrom(5, 6)
  .map((udpSeconds): DeclaredDocument => director('edge', { timeouts: { udpSeconds } }));
const change = fc.record({
  unit: fc.constantFrom('1', '2', '3'),
  content: fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .uniqueArray(fc.oneof({ weight: 4, arbitrary: object }, edge), { selector: (document) => document.object })
        .map((documents) => ({ kind: 'Present' as const, documents })),
    },
    fc.constant({ kind: 'Gone' as const }),
    fc.constant({ kind: 'Broken' as const, issues: [] }),
  ),
});

test('after any history it wants what deriveWanted makes of the same documents', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 })), async (history) => {
      const index = indexOf();
      const units = new Map<string, readonly DeclaredDocument[]>();
      let believed = new Map(index.wanted.services);
      for (const changes of history) {
        const { keys } = index.update('files', changes);
        for (const { unit, content } of changes) {
          if (content.kind === 'Present') units.set(unit, content.documents);
          if (content.kind === 'Gone') units.delete(unit);
        }
        // Whoever looks at the touched keys alone knows everything.
        const now = index.wanted.services;
        for (const key of [...now.keys(), ...believed.keys()]) {
          if (!keys.has(key)) expect(now.get(key)).toEqual(believed.get(key));
        }
        believed = new Map(now);
      }
      const documents = [...units].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own);
      const { wanted } = await deriveWanted(documents);
      expect(index.wanted).toEqual({ ...wanted, frozen: new Set() });
    }),
  );
});

describe('a sync daemon that runs while somebody leads', () => {
  const edge = director('edge', {
    syncDaemons: [
      { role: 'Master', interface: 'eth0', syncId: 1, runWhile: 'Leader' },
      { role: 'Backup', interface: 'eth0', syncId: 1, runWhile: 'Follower' },
    ],
  });

  test.each([
    ['Leader', ['Master'], undefined],
    ['Follower', ['Backup'], undefined],
    ['Unknown', [], ['Master', 'Backup']],
  ] as const)('as %s', (role, running, kept) => {
    const index = indexOf();
    index.update('files', [present('Director edge', edge)]);
    expect(index.electingDirector).toBe('Director edge');
    expect(index.surroundings({ roles: new Map([['Director edge', role]]) }).director).toBe(true);
    expect(index.wanted.director?.daemons.map((daemon) => daemon.role)).toEqual(running);
    expect(index.wanted.director?.keptDaemons).toEqual(kept);
    expect(index.notices()).toEqual([]);
  });

  test('does not run where nobody is elected, and a notice says so', () => {
    const index = indexOf();
    index.update('files', [present('Director edge', edge)]);
    expect(index.wanted.director).toMatchObject({ daemons: [] });
    expect(index.wanted.director?.keptDaemons).toBeUndefined();
    expect(index.notices().map(({ feature }) => feature)).toEqual(['RunWhile']);
  });
});
