import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDocuments } from '../../src/desired/index.js';
import type { Issue } from '../../src/errors/index.js';

const HEAD = 'apiVersion: ipvs-operator.io/v1alpha1\n';

function service(spec: string): string {
  return `${HEAD}kind: VirtualService\nmetadata: {name: web, namespace: shop}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n`;
}

function director(spec: string): string {
  return `${HEAD}kind: Director\nmetadata: {name: edge}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n`;
}

const FRONT = 'addresses: [10.0.0.1]\nports: [{port: 80}]\n';

function line({ location, path, reason, message }: Issue): string {
  return `${String(location?.line)}:${String(location?.column)} ${reason} ${path}: ${message}`;
}

async function issuesOf(text: string): Promise<readonly string[]> {
  return (await readDocuments('web.yaml', text)).issues.map(line);
}

// The first line of a spec is the file's fifth, and its first column the third.
const FAULTS: readonly (readonly [name: string, text: string, issues: readonly string[]])[] = [
  [
    'a misspelt field',
    service(`${FRONT}realServers:\n- address: 192.168.0.1\n  wieght: 3`),
    ['9:5 UnknownField spec.realServers[0].wieght: unknown field; did you mean "weight"?'],
  ],
  [
    'a word for a number',
    service(`${FRONT}realServers: [{address: 192.168.0.1, weight: eighty}]`),
    ['7:48 WrongType spec.realServers[0].weight: expected a whole number from 0 to 65535, found the string "eighty"'],
  ],
  [
    'a number in quotes',
    service(`${FRONT}realServers: [{address: 192.168.0.1, weight: "3"}]`),
    [
      '7:48 WrongType spec.realServers[0].weight: expected a whole number from 0 to 65535, found the string "3"; write it without quotes',
    ],
  ],
  [
    'a boolean of YAML 1.1',
    service(`${FRONT}suspend: yes`),
    ['7:12 WrongType spec.suspend: expected true or false, found the string "yes"; write true'],
  ],
  [
    'an address that is not in canonical form',
    service('addresses: ["2001:DB8:0::1"]\nports: [{port: 80}]'),
    [
      '5:15 InvalidValue spec.addresses[0]: expected the address in its canonical form, 2001:db8::1, found "2001:DB8:0::1"',
    ],
  ],
  [
    'an address in brackets',
    service('addresses: ["[fd00::1]"]\nports: [{port: 80}]'),
    [
      '5:15 InvalidValue spec.addresses[0]: expected an IPv4 or IPv6 address, found "[fd00::1]": write IPv6 addresses without brackets',
    ],
  ],
  [
    'a word in another case',
    service('addresses: [10.0.0.1]\nports: [{port: 80, protocol: tcp}]'),
    [
      '6:32 InvalidValue spec.ports[0].protocol: expected TCP, UDP or SCTP, found the string "tcp"; did you mean "TCP"?',
    ],
  ],
  [
    'a missing field',
    service(`${FRONT}realServers:\n- weight: 1`),
    ['8:5 Missing spec.realServers[0].address: missing: expected an IPv4 or IPv6 address'],
  ],
  [
    'neither addresses nor a mark',
    service('scheduler: rr'),
    [
      '5:3 Missing spec: missing addresses and ports: a virtual service has either addresses and ports, or a firewallMark',
    ],
  ],
  [
    'a flag of another scheduler',
    service(`${FRONT}schedulerFlags: [sh-port]`),
    [
      '7:20 Inconsistent spec.schedulerFlags[0]: sh-fallback and sh-port are flags of the scheduler sh, mh-fallback and mh-port of mh; the scheduler here is "wlc"',
    ],
  ],
  [
    'one-packet scheduling of TCP',
    service(`${FRONT}onePacketScheduling: true`),
    [
      '7:24 Inconsistent spec.onePacketScheduling: one-packet scheduling is for UDP: no port may be TCP or SCTP, and port 80 is TCP',
    ],
  ],
  [
    'every port without persistence',
    service('addresses: [10.0.0.1]\nports: [{port: 0}]'),
    ['6:18 Inconsistent spec.ports[0].port: port 0, which is every port, needs persistence'],
  ],
  [
    'a target port that direct routing cannot reach',
    service(
      'addresses: [10.0.0.1]\nports: [{port: 80, targetPort: 8080}]\nforwarding: {method: DirectRouting}\nrealServers: [{address: 192.168.0.1}, {address: 192.168.0.2}]',
    ),
    [
      '6:34 Inconsistent spec.ports[0].targetPort: DirectRouting and Tunnel keep the virtual port: another one is not possible, and real server 192.168.0.1 is reached by DirectRouting',
    ],
  ],
  [
    'a server port beside several ports',
    service('addresses: [10.0.0.1]\nports: [{port: 80}, {port: 443}]\nrealServers: [{address: 192.168.0.1, port: 80}]'),
    [
      '7:46 Inconsistent spec.realServers[0].port: a port of its own is for a real server of a service with exactly one port, and this one has 2',
    ],
  ],
  [
    'a server of a family without address',
    service(`${FRONT}realServers: [{address: "fd00::1"}]`),
    [
      '7:27 Inconsistent spec.realServers[0].address: the service has no virtual address of the family that this server would join, IPv6 (with the method Tunnel, crossFamily lets it join the other family)',
    ],
  ],
  [
    'a server twice',
    service(`${FRONT}realServers: [{address: 192.168.0.1}, {address: 192.168.0.1, port: 0}]`),
    ['7:41 Duplicate spec.realServers[1]: 192.168.0.1 is there already, at spec.realServers[0]'],
  ],
  [
    'a lower threshold without an upper one',
    service(`${FRONT}realServers: [{address: 192.168.0.1, connectionThresholds: {lower: 5}}]`),
    [
      '7:70 Inconsistent spec.realServers[0].connectionThresholds.lower: the lower threshold needs an upper one, and is not above it',
    ],
  ],
  [
    'an unknown sysctl',
    director('sysctls: {conn_reuse_mod: "1"}'),
    [
      '5:13 UnknownField spec.sysctls.conn_reuse_mod: not a known sysctl below net.ipv4.vs; did you mean "conn_reuse_mode"?',
    ],
  ],
  [
    'a sysctl out of range',
    director('sysctls: {drop_entry: "7"}'),
    ['5:25 InvalidValue spec.sysctls.drop_entry: expected a whole number from 0 to 3, in quotes, found "7"'],
  ],
  [
    'a range with bits behind its prefix',
    director('allowedServerCIDRs: [10.0.0.1/16]'),
    [
      '5:24 InvalidValue spec.allowedServerCIDRs[0]: expected a range of addresses such as 10.0.0.0/16 or 2001:db8::/32, found "10.0.0.1/16"; did you mean "10.0.0.0/16"?',
    ],
  ],
  [
    'an unknown kind',
    'kind: Directer\n',
    [
      '1:7 InvalidValue kind: expected VirtualService or Director, found the string "Directer"; did you mean "Director"?',
    ],
  ],
  [
    'no kind',
    'a: 1\n',
    ['1:1 Missing kind: missing: expected VirtualService or Director, of ipvs-operator.io/v1alpha1'],
  ],
  [
    "another API's object of the same kind",
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {hosts: [a]}\n',
    ['1:13 InvalidValue apiVersion: expected ipvs-operator.io/v1alpha1, found the string "networking.istio.io/v1"'],
  ],
  ['something else than an object', '- a\n', ['1:1 WrongType : expected a VirtualService or Director, found a list']],
];

test.each(FAULTS)('%s is explained', async (_, text, expected) => {
  expect(await issuesOf(text)).toEqual(expected);
});

test('all faults of all documents are told at once, in their order, and a broken one ends only itself', async () => {
  const good = service(FRONT);
  const text = ['kind: X\n', 'a: [1\n', good, service('foo: 1\nbar: 2')].join('---\n');
  const { documents, issues } = await readDocuments('web.yaml', text);
  expect(documents.map((document) => document.object)).toEqual(['VirtualService shop/web']);
  expect(issues.map(({ location, reason }) => [location?.line, reason])).toEqual([
    [1, 'InvalidValue'],
    [4, 'Syntax'],
    [17, 'UnknownField'],
    [17, 'Missing'],
    [18, 'UnknownField'],
  ]);
});

test('lists and JSON are read as kubectl writes them', async () => {
  const item = { apiVersion: 'ipvs-operator.io/v1alpha1', kind: 'VirtualService', metadata: { name: 'a' }, spec: {} };
  const spec = { addresses: ['10.0.0.1'], ports: [{ port: 80 }] };
  const items = [
    { ...item, spec },
    { ...item, metadata: { name: 'b' }, spec: { ...spec, scheduler: 7 } },
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items, metadata: { resourceVersion: '' } }, null, 1);
  const { documents, issues } = await readDocuments('list.json', text);
  expect(documents.map((document) => document.object)).toEqual(['VirtualService default/a']);
  expect(issues.map(({ path, object }) => [path, object])).toEqual([['spec.scheduler', 'VirtualService default/b']]);
  expect(text.split('\n')[(issues[0]?.location?.line ?? 0) - 1]).toContain('"scheduler": 7');
});

test('unusual YAML gives the same objects', async () => {
  const text = `%YAML 1.2\n---\n${HEAD}kind: VirtualService\nmetadata: &m {"name": web}\nspec:\n  addresses: [10.0.0.1]\n  ports:\n  - port: !!int "80"\n...\n`;
  const { documents, issues } = await readDocuments('web.yaml', text);
  expect(issues).toEqual([]);
  expect(documents.map((document) => document.object)).toEqual(['VirtualService default/web']);
});

test('aliases that stand for millions of values are refused', async () => {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}*a${i}]`);
  const issues = await issuesOf(`a0: &a0 [x]\n${levels.join('\n')}\n`);
  expect(issues).toEqual(['1:1 Syntax : not valid YAML: aliases that stand for more than 1000000 values']);
  expect(await issuesOf('a: &a [*a]\n')).toEqual(['1:8 Syntax : not valid YAML: an alias within what it stands for']);
});

test('deep nesting, bytes that are no text and endless faults are told in few words', async () => {
  expect((await issuesOf('['.repeat(100_000))).length).toBe(1);
  expect(await issuesOf('a\0b')).toEqual(['0:0 Unreadable : not a text: it holds NUL bytes']);
  for (const faulty of ['---\nkind: X\n', '---\nkind: [\n']) {
    const issues = await issuesOf(faulty.repeat(1000));
    expect(issues.length).toBe(101);
    expect(issues.at(-1)).toBe('0:0 Unreadable : more than 100 faults: the rest of the file was not looked at');
  }
});

test.each<[number, string, string, (i: number) => string]>([
  [200_000, 'misspelt fields', service(FRONT), (i) => `  schedule${i}: 1\n`],
  [20_000, 'labels', `${HEAD}kind: Director\nspec: {}\nmetadata:\n  name: edge\n  labels:\n`, (i) => `    -x${i}: a\n`],
  [20_000, 'sysctls', director('sysctls:'), (i) => `    x${i}: "1"\n`],
])('%i %s are told as so many that most are not', async (count, _, start, faultOf) => {
  const text = start + Array.from({ length: count }, (__, i) => faultOf(i)).join('');
  const { documents, issues } = await readDocuments('web.yaml', text);
  expect(documents).toEqual([]);
  expect(issues).toHaveLength(101);
  expect(issues[0]?.location?.line).toBeGreaterThan(4);
  expect(issues.at(-1)?.message).toBe('more than 100 faults: the rest of the file was not looked at');
});

test('the faults of the items of a long list are placed at once', async () => {
  const item = (i: number): string =>
    `- ${HEAD}  kind: VirtualService\n  metadata: {name: web-${i}}\n  spec:\n    ${FRONT.replace('\n', '\n    ')}`;
  const items = Array.from({ length: 20_000 }, (_, i) => `${item(i)}${i < 90 ? '    sheduler: rr\n' : ''}`).join('');
  const { documents, issues } = await readDocuments('web.yaml', `apiVersion: v1\nkind: List\nitems:\n${items}`);
  expect(documents).toHaveLength(19_910);
  expect(issues).toHaveLength(90);
  expect(issues[1]).toMatchObject({
    path: 'spec.sheduler',
    object: 'VirtualService default/web-1',
    location: { line: 17, column: 5 },
  });
});

test('reading pauses now and then', async () => {
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses++;
    return Promise.resolve();
  };
  const text = `${service(FRONT)}---\n`.repeat(2000);
  await readDocuments('web.yaml', text, { pause });
  expect(pauses).toBe(Math.floor(text.length / 65_536));
});

const CORPUS = readdirSync(new URL('corpus/', import.meta.url)).map((name) =>
  readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8'),
);

test('nothing that anybody writes makes reading fail: every fault has its line', async () => {
  const slip = fc.record({
    text: fc.constantFrom(...CORPUS),
    at: fc.nat(),
    cut: fc.nat({ max: 20 }),
    put: fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', '  ', '- ', '&a ', '*a', '{', '[', ': ', '|'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(slip, async ({ text, at, cut, put }) => {
      const offset = at % text.length;
      const { issues } = await readDocuments('fuzz.yaml', text.slice(0, offset) + put + text.slice(offset + cut));
      for (const { location, message } of issues) {
        expect(location?.file).toBe('fuzz.yaml');
        expect(message).not.toBe('');
        expect(message).not.toContain('Invalid input');
      }
    }),
    { numRuns: 1000 },
  );
}, 30_000);
