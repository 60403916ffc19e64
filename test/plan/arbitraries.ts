import fc from 'fast-check';
import { serviceKeyText } from '../../src/model/index.js';
import type { KernelService, RealServer, ServiceKey, ServiceSettings, WantedService } from '../../src/model/index.js';
import type { Owner, PlanInput } from '../../src/plan/index.js';
import { director, wanted } from './states.js';

/** Small spaces, so that wanted, observed and owned things meet each other often. */
const KEYS: readonly ServiceKey[] = [
  { protocol: 'TCP', address: '10.0.0.1', port: 80 },
  { protocol: 'UDP', address: '10.0.0.1', port: 80 },
  { protocol: 'TCP', address: '10.0.1.1', port: 443 },
  { protocol: 'TCP', address: '2001:db8::1', port: 80 },
  { firewallMark: 7, family: 'IPv4' },
  { firewallMark: 7, family: 'IPv6' },
];
const OBJECTS = ['VirtualService shop/web', 'VirtualService shop/dns', 'VirtualService shop/old'];
const SETS = ['default', 'other'];

const settings: fc.Arbitrary<ServiceSettings> = fc
  .record({
    scheduler: fc.constantFrom('wlc', 'sh', ''),
    schedulerFlags: fc.constantFrom(0, 1, 3),
    onePacketScheduling: fc.boolean(),
    persistence: fc.option(
      fc.record({
        timeoutSeconds: fc.constantFrom(300, 60),
        netmask: fc.constantFrom('255.255.255.255', '255.255.255.0'),
        engine: fc.constantFrom('', 'sip'),
      }),
    ),
    isStray: fc.boolean(),
  })
  .map(({ isStray, ...fields }) => ({
    ...fields,
    ...(isStray && fields.persistence === null && { strayEngine: 'sip' }),
  }));

const forwarding: fc.Arbitrary<Pick<RealServer, 'forwarding' | 'tunnel'>> = fc.constantFrom<
  Pick<RealServer, 'forwarding' | 'tunnel'>[]
>(
  { forwarding: 'Masquerade', tunnel: null },
  { forwarding: 'DirectRouting', tunnel: null },
  { forwarding: 'Tunnel', tunnel: { type: 'IPIP' } },
  { forwarding: 'Tunnel', tunnel: { type: 'GUE', port: 6080, checksum: 'None' } },
  { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'Standard' } },
);

const realServer: fc.Arbitrary<RealServer> = fc
  .record({
    address: fc.constantFrom('192.168.0.1', '192.168.0.2', '192.168.0.3', 'fd00::1'),
    port: fc.constantFrom(80, 8080),
    weight: fc.nat(2),
    upperThreshold: fc.constantFrom(0, 100),
    lowerThreshold: fc.constantFrom(0, 80),
  })
  .chain((fields) => forwarding.map((method) => ({ ...fields, ...method })));

const kernelService: fc.Arbitrary<KernelService> = fc.record({
  key: fc.constantFrom(...KEYS),
  settings,
  servers: fc.uniqueArray(realServer, { selector: ({ address, port }) => `${address} ${port}`, maxLength: 5 }),
});

const services = fc.uniqueArray(kernelService, { selector: ({ key }) => serviceKeyText(key), maxLength: 6 });

const owners: fc.Arbitrary<ReadonlyMap<string, Owner>> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...KEYS.map(serviceKeyText)),
      fc.record({ object: fc.constantFrom(...OBJECTS), set: fc.constantFrom(...SETS) }),
    ),
    { selector: ([key]) => key },
  )
  .map((entries) => new Map(entries));

export const wantedServices: fc.Arbitrary<readonly WantedService[]> = services.chain((list) =>
  fc
    .array(fc.constantFrom(...OBJECTS.slice(0, 2)), { minLength: list.length, maxLength: list.length })
    .map((objects) => list.map((entry, i) => ({ ...entry, object: objects[i] ?? '' }))),
);

/** Inputs of every kind: other sets, foreign services, claims, adoption, pruning, suspended keys. */
export const planInputs: fc.Arbitrary<PlanInput> = fc
  .record({
    wantedServices,
    suspended: fc.subarray(KEYS.map(serviceKeyText), { maxLength: 2 }),
    declared: fc.subarray(OBJECTS),
    table: services,
    owned: owners,
    directorFields: fc.option(
      fc.record({
        adopt: fc.boolean(),
        exclusive: fc.constantFrom(
          { prefixes: [], firewallMarks: [] },
          { prefixes: [{ address: '10.0.0.0', length: 24 }], firewallMarks: [{ first: 1, last: 9 }] },
        ),
      }),
    ),
    options: fc.record({
      set: fc.constantFrom(...SETS),
      adopt: fc.boolean(),
      prune: fc.boolean(),
      allowEmpty: fc.boolean(),
    }),
  })
  .map(({ suspended, declared, directorFields, table, ...fields }) => {
    const active = fields.wantedServices.filter(({ key }) => !suspended.includes(serviceKeyText(key)));
    return {
      wanted: wanted(active, {
        suspended: new Map(suspended.map((key) => [key, OBJECTS[0] ?? ''])),
        objects: new Set([...declared, ...active.map(({ object }) => object)]),
        director: directorFields === null ? null : director(directorFields),
      }),
      observed: {
        services: new Map(table.map((entry) => [serviceKeyText(entry.key), entry])),
        timeouts: null,
        daemons: null,
        sysctls: null,
      },
      owned: fields.owned,
      options: fields.options,
    };
  });
