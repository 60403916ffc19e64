import { describe, expect, test } from 'vitest';
import { deriveWanted, DesiredIndex, readObject } from '../../src/desired/index.js';
import type { DeclaredDocument, NodeLabels, UnitChange, VirtualServiceDocument } from '../../src/desired/index.js';
import { director, virtualService } from './documents.js';

type Selector = NonNullable<VirtualServiceDocument['spec']['nodeSelector']>;

function web(name: string, address: string, nodeSelector?: Selector): DeclaredDocument {
  return virtualService(name, {
    addresses: [address],
    ports: [{ port: 80 }],
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  });
}

function present(...documents: readonly DeclaredDocument[]): readonly UnitChange[] {
  return documents.map((document) => ({ unit: document.object, content: { kind: 'Present', documents: [document] } }));
}

const known = (labels: Readonly<Record<string, string>>): NodeLabels => ({ kind: 'Known', labels });
const EDGE: Selector = { matchLabels: { role: 'edge' } };

describe('a nodeSelector', () => {
  test.each<[string, Selector, boolean]>([
    ['that is empty selects every node', {}, true],
    ['asks for labels', EDGE, true],
    ['asks for all of them', { matchLabels: { role: 'edge', zone: 'b' } }, false],
    ['knows In', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }, true],
    ['knows NotIn', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, false],
    [
      'takes NotIn for true of a label that is absent',
      { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['a'] }] },
      true,
    ],
    ['knows Exists', { matchExpressions: [{ key: 'x', operator: 'Exists' }] }, false],
    ['knows DoesNotExist', { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
    [
      'takes no word of the language for a label',
      { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
      false,
    ],
  ])('%s', async (_, selector, isSelected) => {
    const nodeLabels = known({ role: 'edge', zone: 'a' });
    const { wanted } = await deriveWanted([web('web', '10.0.0.1', selector)], nodeLabels);
    expect(wanted.objects.size).toBe(isSelected ? 1 : 0);
    const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined, surroundings: { nodeLabels } });
    index.update('a', present(web('web', '10.0.0.1', selector)));
    expect(index.wanted.services.size).toBe(isSelected ? 1 : 0);
  });

  test('selects every node while nobody knows labels, and says so', async () => {
    const { wanted, notices } = await deriveWanted([web('web', '10.0.0.1', EDGE)]);
    expect(wanted.services.size).toBe(1);
    expect(notices.map(({ feature }) => feature)).toEqual(['NodeSelector']);
    expect((await deriveWanted([web('web', '10.0.0.1', EDGE)], known({ role: 'edge' }))).notices).toEqual([]);
  });

  test('waits for labels that are still to come, and follows them', () => {
    const index = new DesiredIndex({
      sources: ['a'],
      holderOf: () => undefined,
      surroundings: { nodeLabels: { kind: 'Awaited' } },
    });
    index.update('a', present(web('edge', '10.0.0.1', EDGE), web('all', '10.0.0.2')));
    expect([...index.wanted.services.keys()]).toEqual(['TCP 10.0.0.2:80']);
    const touched = index.surroundings({ nodeLabels: known({ role: 'edge' }) });
    expect([...touched.keys]).toEqual(['TCP 10.0.0.1:80']);
    expect([...index.wanted.objects].sort()).toEqual(['VirtualService shop/all', 'VirtualService shop/edge']);
    expect([...index.surroundings({ nodeLabels: known({ role: 'core' }) }).keys]).toEqual(['TCP 10.0.0.1:80']);
    expect([...index.wanted.objects]).toEqual(['VirtualService shop/all']);
  });

  test('decides which Director applies, and with it what is forbidden', async () => {
    const index = new DesiredIndex({
      sources: ['a'],
      holderOf: () => undefined,
      surroundings: { nodeLabels: known({ role: 'edge' }) },
    });
    const strict = director('a-strict', { nodeSelector: EDGE, allowedAddresses: [{ cidrs: ['10.9.0.0/16'] }] });
    index.update('a', present(strict, director('b-free', {}), web('web', '10.0.0.1')));
    expect(index.wanted.director?.object).toBe('Director a-strict');
    expect(index.wanted.frozen?.size).toBe(1);
    expect(index.surroundings({ nodeLabels: known({}) }).director).toBe(true);
    expect(index.wanted.director?.object).toBe('Director b-free');
    expect(index.wanted.services.size).toBe(1);
    expect(await index.issues()).toEqual([]);
  });
});

test('a namespaceSelector goes by the labels of the namespace, and by its name where nothing else is known', () => {
  const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined });
  const byTeam = { cidrs: ['10.0.0.0/24'], namespaceSelector: { matchLabels: { team: 'web' } } };
  const byName = {
    cidrs: ['10.1.0.0/24'],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
  };
  index.update(
    'a',
    present(director('edge', { allowedAddresses: [byTeam, byName] }), web('a', '10.0.0.1'), web('b', '10.1.0.1')),
  );
  expect([...index.wanted.services.keys()]).toEqual(['TCP 10.1.0.1:80']);
  index.surroundings({ namespaceLabels: new Map([['shop', { team: 'web' }]]) });
  expect([...index.wanted.services.keys()].sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.1.0.1:80']);
});

describe('a check that runs a program', () => {
  const document = virtualService('web', {
    addresses: ['10.0.0.1'],
    ports: [{ port: 80 }],
    health: { checks: [{ name: 'table', type: 'Exec', exec: { command: ['check-mysql'] } }] },
  });

  test('is refused where no programs are run', async () => {
    const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined });
    index.update('a', present(document));
    expect(index.wanted.services.size).toBe(0);
    expect(await index.issues()).toMatchObject([
      { path: 'spec.health.checks[0].type', reason: 'NotAllowed', object: 'VirtualService shop/web' },
    ]);
    expect(index.standingOf('VirtualService shop/web')?.faults).toMatchObject([{ reason: 'NotAllowed' }]);
  });

  test('is taken where they are, and by those who run none anyway', async () => {
    const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined, surroundings: { runsPrograms: true } });
    index.update('a', present(document));
    expect(index.wanted.services.size).toBe(1);
    expect((await deriveWanted([document])).issues).toEqual([]);
  });
});

describe('a check that shows a certificate', () => {
  const document = virtualService('web', {
    addresses: ['10.0.0.1'],
    ports: [{ port: 443 }],
    health: { checks: [{ name: 'page', type: 'HTTP', http: { tls: { clientCertificate: 'director' } } }] },
  });

  test('is refused where there are none', async () => {
    const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined });
    index.update('a', present(document));
    expect(index.wanted.services.size).toBe(0);
    expect(await index.issues()).toMatchObject([
      { path: 'spec.health.checks[0].http.tls.clientCertificate', reason: 'NotAllowed' },
    ]);
  });

  test("shows one of its object's namespace where there are some", () => {
    const surroundings = { showsCertificates: true };
    const index = new DesiredIndex({ sources: ['a'], holderOf: () => undefined, surroundings });
    index.update('a', present(document));
    expect(index.wanted.services.get('TCP 10.0.0.1:443')?.policy?.checks[0]?.method).toMatchObject({
      tls: { clientCertificate: 'shop/director', isVerified: true },
    });
  });
});

describe('an object of the API server', () => {
  const object = (spec: unknown, metadata: object = {}): Record<string, unknown> => ({
    apiVersion: 'ipvs-operator.io/v1alpha1',
    kind: 'VirtualService',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      generation: 3,
      managedFields: [{}],
      futureField: 1,
      ...metadata,
    },
    spec,
    status: { anything: [1] },
  });

  test('is checked as a file is, but for its status and what only the server knows', async () => {
    const result = await readObject('VirtualService', object({ addresses: ['10.0.0.1'], ports: [{ port: 80 }] }));
    expect(result).toMatchObject({ kind: 'Good', document: { object: 'VirtualService shop/web', namespace: 'shop' } });
    expect(result.kind === 'Good' && result.document.value.metadata).toEqual({
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      generation: 3,
    });
  });

  test.each<[string, unknown, string]>([
    ['an unknown field', { addresses: ['10.0.0.1'], ports: [{ port: 80 }], novelty: 1 }, 'spec.novelty'],
    ['fields that contradict each other', { addresses: ['10.0.0.1'] }, 'spec.ports'],
    ['no spec', undefined, 'spec'],
  ])('with %s is refused, and named', async (_, spec, path) => {
    const result = await readObject('VirtualService', object(spec));
    expect(result).toMatchObject({ kind: 'Bad', issues: [{ path, object: 'VirtualService shop/web' }] });
  });

  test('with more faults than anybody reads has the first of them, and says so', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`schedule${i}`, 1]));
    const result = await readObject('VirtualService', object(unknown));
    const issues = result.kind === 'Bad' ? result.issues : [];
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)).toMatchObject({
      message: 'more than 100 faults: the rest of the object was not looked at',
      object: 'VirtualService shop/web',
    });
  });

  test('with more faults than zod can hand on is refused all the same', async () => {
    const matchLabels = Object.fromEntries(Array.from({ length: 540_000 }, (_, i) => [`x${i}`, 1]));
    const allowedAddresses = [{ cidrs: ['10.0.0.0/8'], namespaceSelector: { matchLabels } }];
    const result = await readObject('Director', {
      apiVersion: 'ipvs-operator.io/v1alpha1',
      metadata: { name: 'edge' },
      spec: { allowedAddresses },
    });
    expect(result).toMatchObject({ kind: 'Bad', issues: [{ message: 'more faults than can be told apart' }] });
  });
});
