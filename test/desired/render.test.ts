import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deriveWanted, readDocuments, renderDocuments } from '../../src/desired/index.js';
import {
  addressFamily,
  compareServiceKeys,
  netmaskFromPrefix,
  serviceFamily,
  serviceKeyText,
} from '../../src/model/index.js';
import type { KernelService, RealServer, ServiceKey, ServiceSettings, Tunnel } from '../../src/model/index.js';
import { makeServer, PLAIN_SETTINGS } from '../samples.js';

// The mapped ones the kernel takes, and documents do not.
const VIRTUAL = ['10.0.0.1', '10.0.0.2', '2001:db8::1', '::1', '::ffff:10.0.0.1'];
const REAL = ['192.168.0.1', '192.168.0.2', 'fd00::1', 'fd00::2', '::ffff:192.168.0.1'];

const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    address: fc.constantFrom(...VIRTUAL),
    port: fc.constantFrom(0, 53, 80, 443),
  }),
  fc.record({ firewallMark: fc.constantFrom(1, 7, 4294967295), family: fc.constantFrom('IPv4', 'IPv6') }),
);

const tunnel: fc.Arbitrary<Tunnel> = fc.oneof(
  fc.constant<Tunnel>({ type: 'IPIP' }),
  fc.record({
    type: fc.constant('GUE' as const),
    port: fc.integer({ min: 1, max: 65535 }),
    checksum: fc.constantFrom('None', 'Standard', 'Remote'),
  }),
  fc.record({ type: fc.constant('GRE' as const), checksum: fc.constantFrom('None', 'Standard') }),
);

const server = fc
  .record({
    address: fc.constantFrom(...REAL),
    port: fc.constantFrom(0, 53, 80, 8080),
    forwarding: fc.constantFrom('Masquerade', 'DirectRouting', 'Tunnel', 'Local', 'Bypass'),
    tunnel,
    weight: fc.constantFrom(0, 1, 3, 65535, 65536),
    upperThreshold: fc.constantFrom(0, 0, 10),
    lowerThreshold: fc.constantFrom(0, 0, 5),
  })
  .map((made): RealServer => ({ ...made, tunnel: made.forwarding === 'Tunnel' ? made.tunnel : null }));

const service = fc
  .record({
    key,
    scheduler: fc.constantFrom('wlc', 'rr', 'sh', 'mh', ''),
    schedulerFlags: fc.constantFrom(0, 0, 0, 1, 3, 4),
    onePacketScheduling: fc.boolean(),
    persistence: fc.option(
      fc.record({
        timeoutSeconds: fc.constantFrom(300, 600, 0),
        length: fc.constantFrom(24, 32, 128),
        engine: fc.constantFrom('', 'sip'),
      }),
    ),
    isStray: fc.boolean(),
    servers: fc.uniqueArray(server, { maxLength: 4, selector: ({ address, port }) => `${address} ${port}` }),
  })
  .map(({ key, servers, persistence, isStray, ...rest }): KernelService => {
    const family = serviceFamily(key);
    const settings: ServiceSettings = {
      ...rest,
      persistence: persistence && {
        timeoutSeconds: persistence.timeoutSeconds,
        netmask: netmaskFromPrefix(family, family === 'IPv4' ? Math.min(persistence.length, 32) : persistence.length),
        engine: persistence.engine,
      },
      ...(isStray && persistence === null && { strayEngine: 'sip' }),
    };
    return { key, settings, servers };
  });

function tableOf(services: readonly KernelService[]): ReadonlyMap<string, KernelService> {
  return new Map(services.map((service) => [serviceKeyText(service.key), service]));
}

/** Without what means nothing: the order of services and servers, and the objects. */
function normalise(services: Iterable<KernelService>): readonly KernelService[] {
  return [...services]
    .map(({ key, settings, servers }) => ({
      key,
      settings,
      servers: [...servers].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port)),
    }))
    .sort((a, b) => compareServiceKeys(a.key, b.key));
}

test('what is rendered declares the same table, but for what is named as unsayable', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(service, { maxLength: 12 }), async (services) => {
      const table = tableOf(services);
      const { text, unsayable } = renderDocuments(table);
      const { documents, issues } = await readDocuments('export.yaml', text);
      expect(issues).toEqual([]);
      const derived = await deriveWanted(documents);
      expect(derived.issues).toEqual([]);
      const unsaid = new Set(unsayable.map((entry) => entry.key));
      const said = [...table].filter(([text]) => !unsaid.has(text)).map(([, service]) => service);
      expect(normalise(derived.wanted.services.values())).toEqual(normalise(said));
    }),
    { numRuns: 300 },
  );
});

test('the same table gives the same text in whatever order it was read', () => {
  fc.assert(
    fc.property(fc.array(service, { maxLength: 8 }), (services) => {
      const table = tableOf(services);
      expect(renderDocuments(new Map([...table].reverse())).text).toBe(renderDocuments(table).text);
    }),
  );
});

function simple(key: ServiceKey, port: number): KernelService {
  const settings = { ...PLAIN_SETTINGS, scheduler: 'rr' };
  const servers = REAL.slice(0, 2).map((address) => makeServer({ address, port }));
  return { key, settings, servers };
}

test('services that differ in port or address only become one object', () => {
  const services = VIRTUAL.filter((address) => addressFamily(address) === 'IPv4').flatMap((address) => [
    simple({ protocol: 'TCP', address, port: 80 }, 8080),
    simple({ protocol: 'UDP', address, port: 53 }, 53),
  ]);
  expect(renderDocuments(tableOf(services))).toEqual({
    objectCount: 1,
    unsayable: [],
    text: `---
apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata:
  name: udp-10.0.0.1-53
spec:
  addresses: [10.0.0.1, 10.0.0.2]
  ports:
    - { port: 53, protocol: UDP }
    - { port: 80, targetPort: 8080 }
  scheduler: rr
  realServers:
    - { address: 192.168.0.1, weight: 1 }
    - { address: 192.168.0.2, weight: 1 }
`,
  });
});

test('a service that YAML cannot say is left out and named', () => {
  const whole = simple({ protocol: 'TCP', address: '10.0.0.1', port: 80 }, 80);
  const [first] = whole.servers;
  const broken = { ...whole, servers: [{ ...(first as RealServer), forwarding: 'Local' as const }] };
  expect(renderDocuments(tableOf([broken]))).toEqual({
    text: '',
    objectCount: 0,
    unsayable: [{ key: 'TCP 10.0.0.1:80', reasons: ['real server 192.168.0.1:80: the forwarding method Local'] }],
  });
});

test('addresses that documents refuse are named', () => {
  const [mapped, real] = ['::ffff:1.2.3.4', '::ffff:5.6.7.8'];
  const virtual = { ...simple({ protocol: 'TCP', address: mapped, port: 80 }, 80), servers: [] };
  const behind = simple({ protocol: 'TCP', address: '::1', port: 80 }, 80);
  const server = makeServer({ address: real, port: 80 });
  expect(renderDocuments(tableOf([virtual, { ...behind, servers: [server] }])).unsayable).toEqual([
    { key: 'TCP [::ffff:1.2.3.4]:80', reasons: ['the virtual address ::ffff:1.2.3.4'] },
    { key: 'TCP [::1]:80', reasons: ['real server [::ffff:5.6.7.8]:80: its address'] },
  ]);
});

test('timeouts and daemons become a Director where they are not the default', async () => {
  const { text } = renderDocuments(new Map(), {
    timeouts: { tcpSeconds: 1800, tcpFinSeconds: 120, udpSeconds: 300 },
    daemons: [{ role: 'Master', interface: 'eth0', syncId: 51, multicastGroup: '224.0.0.81', port: 8848, ttl: 1 }],
  });
  const { documents, issues } = await readDocuments('export.yaml', text);
  expect(issues).toEqual([]);
  const { wanted } = await deriveWanted(documents);
  expect(wanted.director).toMatchObject({
    timeouts: { tcpSeconds: 1800 },
    daemons: [{ role: 'Master', interface: 'eth0', syncId: 51, multicastGroup: '224.0.0.81', port: 8848, ttl: 1 }],
  });
});
