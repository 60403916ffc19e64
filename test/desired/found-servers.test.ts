import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DesiredIndex, readEndpointSlice, withFoundServers } from '../../src/desired/index.js';
import type { DirectorDocument, EndpointSlice, VirtualServiceDocument } from '../../src/desired/index.js';
import { realServerKeyText } from '../../src/model/index.js';
import { director, virtualService } from './documents.js';

type Spec = VirtualServiceDocument['spec'];

interface SliceInput {
  readonly name?: string;
  readonly addressType?: string;
  readonly ports?: unknown;
  readonly endpoints?: unknown;
  readonly labels?: unknown;
}

function sliceObject({ name = 'web-1', addressType = 'IPv4', ports, endpoints, labels }: SliceInput): unknown {
  return {
    metadata: { name, namespace: 'shop', labels: labels ?? { 'kubernetes.io/service-name': 'web' } },
    addressType,
    ports: ports ?? [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints ?? [{ addresses: ['10.1.0.1'] }],
  };
}

function slices(...inputs: readonly SliceInput[]): readonly EndpointSlice[] {
  return inputs.map((input) => readEndpointSlice(sliceObject(input))).filter((slice) => slice !== undefined);
}

const FROM: Spec = {
  addresses: ['10.0.0.1'],
  ports: [{ name: 'http', port: 80 }],
  realServersFrom: [{ endpointSlices: { serviceName: 'web' } }],
};

interface Outcome {
  /** By key text: servers with weight and forwarding. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly remarks: readonly string[];
}

async function outcome(
  spec: Partial<Spec>,
  found: readonly EndpointSlice[],
  directorSpec: DirectorDocument['spec'] = {},
): Promise<Outcome> {
  const document = withFoundServers(virtualService('web', { ...FROM, ...spec }), () => found);
  const index = new DesiredIndex({ sources: ['cluster'], holderOf: () => undefined });
  index.update('cluster', [
    { unit: 'edge', content: { kind: 'Present', documents: [director('edge', directorSpec)] } },
    { unit: 'web', content: { kind: 'Present', documents: [document] } },
  ]);
  const services = [...index.wanted.services].map(
    ([key, { servers }]) =>
      [key, servers.map((server) => `${realServerKeyText(server)} ${server.weight} ${server.forwarding}`)] as const,
  );
  return { services: Object.fromEntries(services), remarks: (await index.issues()).map(({ message }) => message) };
}

const KEY = 'TCP 10.0.0.1:80';
const servers = async (spec: Partial<Spec>, ...inputs: readonly SliceInput[]) =>
  (await outcome(spec, slices(...inputs))).services[KEY];

describe('an endpoint', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['is a server when it is ready', { ready: true }, ['10.1.0.1:8080 1 Masquerade']],
    ['is a server when nobody says whether it is', undefined, ['10.1.0.1:8080 1 Masquerade']],
    [
      'drains when it ends and serves',
      { ready: false, serving: true, terminating: true },
      ['10.1.0.1:8080 0 Masquerade'],
    ],
    ['is none when it is not ready', { ready: false }, []],
    ['is none when it ends and serves no more', { ready: false, serving: false, terminating: true }, []],
    ['is none when it serves and is not ready', { ready: false, serving: true, terminating: false }, []],
  ])('%s', async (_, conditions, expected) => {
    expect(await servers({}, { endpoints: [{ addresses: ['10.1.0.1', '10.1.0.9'], conditions }] })).toEqual(expected);
  });

  test('that two slices have is one server, ready if one of them says so', async () => {
    const ends = { ready: false, serving: true, terminating: true };
    const twice = await servers(
      {},
      { name: 'a', endpoints: [{ addresses: ['10.1.0.1'], conditions: ends }] },
      { name: 'b', endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }] },
    );
    expect(twice).toEqual(['10.1.0.1:8080 1 Masquerade']);
  });

  test('gets the defaults of its source', async () => {
    const realServersFrom = [
      {
        endpointSlices: { serviceName: 'web' },
        defaults: { weight: 7, forwarding: { method: 'DirectRouting' as const } },
      },
    ];
    expect(await servers({ realServersFrom }, {})).toEqual(['10.1.0.1:80 7 DirectRouting']);
  });

  test('that is named is as it is named', async () => {
    const realServers = [{ address: '10.1.0.1', port: 8080, weight: 3 }];
    expect(await servers({ realServers }, {})).toEqual(['10.1.0.1:8080 3 Masquerade']);
  });
});

describe('ports', () => {
  const two = [
    { name: 'http', port: 80 },
    { name: 'dns', port: 53, protocol: 'UDP' as const },
  ];

  test('are matched by name and protocol, each for itself', async () => {
    const found = slices({
      ports: [
        { name: 'http', port: 8080 },
        { name: 'dns', port: 5353, protocol: 'UDP' },
      ],
    });
    expect((await outcome({ ports: two }, found)).services).toEqual({
      [KEY]: ['10.1.0.1:8080 1 Masquerade'],
      'UDP 10.0.0.1:53': ['10.1.0.1:5353 1 Masquerade'],
    });
  });

  test('that nobody serves have no servers, which is said', async () => {
    const { services, remarks } = await outcome({ ports: two }, slices({ ports: [{ name: 'http', port: 8080 }] }));
    expect(services).toEqual({ [KEY]: ['10.1.0.1:8080 1 Masquerade'], 'UDP 10.0.0.1:53': [] });
    expect(remarks).toEqual(['the Service "web" has no port "dns" (UDP 53): its endpoints have "http" (TCP 8080)']);
  });

  test.each<[string, string | undefined, unknown]>([
    ['neither has a name', undefined, { port: 8080 }],
    ['only the object names it', 'http', { name: '', port: 8080 }],
    ['only the Service names it', undefined, { name: 'web', port: 8080 }],
  ])('are one when there is one on both sides and %s', async (_, name, port) => {
    const ports = [name === undefined ? { port: 80 } : { name, port: 80 }];
    expect(await servers({ ports }, { ports: [port] }, { name: 'web-2', ports: [port] })).toEqual([
      '10.1.0.1:8080 1 Masquerade',
    ]);
  });

  test('with different names are different', async () => {
    expect(await servers({}, { ports: [{ name: 'admin', port: 8080 }] })).toEqual([]);
  });

  test('are the virtual ones without masquerading, for a mark, and for every port', async () => {
    expect(await servers({ forwarding: { method: 'DirectRouting' } }, {})).toEqual(['10.1.0.1:80 1 DirectRouting']);
    const everyPort = { ports: [{ name: 'http', port: 0 }], persistence: {} };
    expect((await outcome(everyPort, slices({}))).services).toEqual({ 'TCP 10.0.0.1:0': ['10.1.0.1:0 1 Masquerade'] });
    const document = withFoundServers(
      virtualService('web', { firewallMark: { value: 7 }, realServersFrom: FROM.realServersFrom ?? [] }),
      () => slices({}),
    );
    expect(document.found?.servers).toEqual([{ address: '10.1.0.1', ports: [0], isDraining: false, from: 0 }]);
  });
});

test('servers join the virtual addresses of their family', async () => {
  const found = slices(
    {},
    { name: 'six', addressType: 'IPv6', endpoints: [{ addresses: ['FD00:0::1'] }] },
    { name: 'names', addressType: 'FQDN', endpoints: [{ addresses: ['example.org'] }] },
  );
  expect((await outcome({ addresses: ['10.0.0.1', '2001:db8::1'] }, found)).services).toEqual({
    [KEY]: ['10.1.0.1:8080 1 Masquerade'],
    'TCP [2001:db8::1]:80': ['[fd00::1]:8080 1 Masquerade'],
  });
});

test('a Service without slices is said', async () => {
  const { services, remarks } = await outcome({}, []);
  expect(services).toEqual({ [KEY]: [] });
  expect(remarks).toEqual(['there are no endpoint slices of a Service "web" in this namespace']);
});

test('addresses that are no servers are left out and said, unless a Director allows them', async () => {
  const found = slices({
    endpoints: ['10.1.0.1', '127.0.0.1', '169.254.1.1', '0.0.0.0', '224.0.0.1'].map((address) => ({
      addresses: [address],
    })),
  });
  const { services, remarks } = await outcome({}, found);
  expect(services[KEY]).toEqual(['10.1.0.1:8080 1 Masquerade']);
  expect(remarks[0]).toMatch(/^found servers are left out: 0\.0\.0\.0, 127\.0\.0\.1, 169\.254\.1\.1 and 1 more/);
  const allowed = await outcome({}, found, { allowedServerCIDRs: ['127.0.0.0/8'] });
  expect(allowed.services[KEY]).toEqual(['127.0.0.1:8080 1 Masquerade']);
  expect(allowed.remarks[0]).toContain('in none of the allowedServerCIDRs of Director edge');
});

test('of more than 1024 servers those that drain are left out first, and it is said', async () => {
  const endpoints = Array.from({ length: 1030 }, (_, i) => ({
    addresses: [`10.1.${i >> 8}.${i & 255}`],
    conditions: i < 100 ? { ready: false, serving: true, terminating: true } : {},
  }));
  const { services, remarks } = await outcome({ realServers: [{ address: '10.9.0.1' }] }, slices({ endpoints }));
  expect(services[KEY]).toHaveLength(1024);
  expect(services[KEY]?.filter((server) => server.includes(' 0 '))).toHaveLength(93);
  expect(remarks).toEqual(['7 found servers are left out: a virtual service has at most 1024']);
});

describe('properties', () => {
  const endpoint = fc.record({
    addresses: fc.array(fc.constantFrom('10.1.0.1', '10.1.0.2', '10.1.0.3', '::1', 'x'), { maxLength: 2 }),
    conditions: fc.option(
      fc.record({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }, { requiredKeys: [] }),
    ),
  });
  const slice = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    endpoints: fc.array(endpoint, { maxLength: 5 }),
    ports: fc.array(fc.record({ name: fc.constantFrom('http', '', 'x'), port: fc.constantFrom(80, 8080) }), {
      maxLength: 2,
    }),
  });

  test('the order of slices and endpoints means nothing', () => {
    fc.assert(
      fc.property(fc.array(slice, { maxLength: 4 }), (inputs) => {
        const document = virtualService('web', FROM);
        const forward = slices(...inputs);
        const backward = forward.map((one) => ({ ...one, endpoints: one.endpoints.toReversed() })).toReversed();
        expect(withFoundServers(document, () => backward).found?.servers).toEqual(
          withFoundServers(document, () => forward).found?.servers,
        );
      }),
    );
  });

  test('nonsense is read as nothing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (a, b) => {
        readEndpointSlice(a);
        readEndpointSlice(sliceObject({ ports: a, endpoints: b }));
        readEndpointSlice(sliceObject({ ports: [a], endpoints: [b], labels: a }));
      }),
    );
  });
});
