import { expect, test } from 'vitest';
import { DocumentReader, rereadDocuments } from '../../src/desired/index.js';

function service(name: string, weight: number | string = 1): string {
  return [
    'apiVersion: ipvs-operator.io/v1alpha1',
    'kind: VirtualService',
    `metadata: { name: ${name} }`,
    'spec:',
    `  addresses: [10.0.0.${name.charCodeAt(0)}]`,
    '  ports: [{ port: 80 }]',
    '  realServers:',
    `    - { address: 192.168.0.1, weight: ${weight} }`,
    '',
  ].join('\n');
}

async function change(before: string, after: string) {
  const reader = new DocumentReader();
  const { documents: old } = await reader.read('services.yaml', before);
  return {
    old,
    again: await rereadDocuments(reader, 'services.yaml', after, old),
    whole: await new DocumentReader().read('services.yaml', after),
  };
}

const three = [service('a'), service('b'), service('c')].join('---\n');

test.each([
  ['nothing changes', three],
  ['a document in the midst changes', [service('a'), service('b', 20), service('c')].join('---\n')],
  ['a document comes before the others', [service('d'), three].join('---\n')],
  ['one goes', [service('a'), service('c')].join('---\n')],
  ['they change places', [service('c'), service('b'), service('a')].join('---\n')],
  ['one is there twice', [three, service('b')].join('---\n')],
  ['a fault comes into one', [service('a'), service('b', 'heavy'), service('c')].join('---\n')],
  ['the text is no YAML any more', `${three}---\n{`],
  ['directives make it one piece', `%YAML 1.2\n---\n${three}`],
  ['nothing is left', ''],
])('Where %s, a text read again says what it says when it is read for the first time', async (_, after) => {
  const { again, whole } = await change(three, after);
  expect(again).toEqual(whole);
});

test('What has not changed keeps its value, the same object, wherever it stands then', async () => {
  const { old, again } = await change(three, [service('d'), service('a'), service('b', 7), service('c')].join('---\n'));
  const values = again.documents.map(({ value }) => old.findIndex((document) => document.value === value));
  expect(values).toEqual([-1, 0, -1, 2]);
});

test('Several objects of one list are read again together', async () => {
  const list = (weight: number): string =>
    JSON.stringify({
      kind: 'List',
      items: ['a', 'b'].map((name) => ({
        apiVersion: 'ipvs-operator.io/v1alpha1',
        kind: 'VirtualService',
        metadata: { name },
        spec: {
          addresses: [`10.0.0.${name.charCodeAt(0)}`],
          ports: [{ port: 80, protocol: 'TCP' }],
          realServers: [{ address: '192.168.0.1', weight }],
        },
      })),
    });
  const same = await change(list(1), list(1));
  expect(same.again.documents.map(({ value }) => value)).toEqual(same.old.map(({ value }) => value));
  expect(same.again).toEqual(same.whole);
  const changed = await change(list(1), list(2));
  expect(changed.again).toEqual(changed.whole);
});
