import fc from 'fast-check';
import type {
  Operation,
  Persistence,
  RealServer,
  ServiceKey,
  ServiceSettings,
  SyncDaemon,
  Tunnel,
} from '../../src/model/index.js';
import { serviceFamily } from '../../src/model/index.js';
import { DNS, makeServer, MARK, MARK_IPV6, MISSING, WEB, WEB_IPV6 } from './samples.js';
import { INTERFACE } from './target.js';

/** Few keys, so that operations meet; and now and then something that the kernel refuses. */
const key = fc.constantFrom<ServiceKey>(WEB, WEB_IPV6, DNS, MARK, MARK_IPV6, { ...WEB, port: 0 });

const IPV4_SERVERS = ['192.168.0.1', '192.168.0.2', '127.0.0.1', '224.0.0.1'];
const IPV6_SERVERS = ['2001:db8:1::1', '2001:db8:1::2', 'ff02::1'];

function arbitraryPersistence(of: ServiceKey): fc.Arbitrary<Persistence | null> {
  const netmasks = serviceFamily(of) === 'IPv6' ? ['128', '64', '129'] : ['255.255.255.255', '255.255.0.0', '0.0.0.0'];
  return fc.option(
    fc.record({
      timeoutSeconds: fc.constantFrom(1, 300, 2_678_400),
      netmask: fc.constantFrom(...netmasks),
      engine: fc.constantFrom('', '', 'sip', MISSING),
    }),
  );
}

function arbitrarySettings(of: ServiceKey): fc.Arbitrary<ServiceSettings> {
  return fc
    .record({
      scheduler: fc.constantFrom('wlc', 'rr', 'sh', 'mh', '', MISSING),
      schedulerFlags: fc.integer({ min: 0, max: 7 }),
      onePacketScheduling: fc.boolean(),
      persistence: arbitraryPersistence(of),
      strayEngine: fc.constantFrom(undefined, undefined, 'sip', MISSING),
    })
    .map(({ strayEngine, ...settings }) =>
      strayEngine === undefined || settings.persistence !== null ? settings : { ...settings, strayEngine },
    );
}

const tunnel: fc.Arbitrary<Tunnel> = fc.oneof(
  fc.constant<Tunnel>({ type: 'IPIP' }),
  fc.record({
    type: fc.constant('GUE' as const),
    port: fc.constantFrom(0, 6080),
    checksum: fc.constantFrom('None', 'Standard', 'Remote'),
  }),
  fc.record({ type: fc.constant('GRE' as const), checksum: fc.constantFrom('None', 'Standard') }),
);

function arbitraryServer(of: ServiceKey): fc.Arbitrary<RealServer> {
  const [same, other] = serviceFamily(of) === 'IPv6' ? [IPV6_SERVERS, IPV4_SERVERS] : [IPV4_SERVERS, IPV6_SERVERS];
  return fc
    .record({
      address: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...same) }, fc.constantFrom(...other)),
      port: fc.constantFrom(0, 80),
      forwarding: fc.constantFrom('Masquerade', 'DirectRouting', 'Tunnel', 'Tunnel', 'Local'),
      tunnel,
      weight: fc.constantFrom(0, 1, 100, 0x7fffffff, -1),
      upperThreshold: fc.constantFrom(0, 0, 10, 1000),
      lowerThreshold: fc.constantFrom(0, 0, 0, 10),
    })
    .map((server) => makeServer({ ...server, tunnel: server.forwarding === 'Tunnel' ? server.tunnel : null }));
}

const daemon: fc.Arbitrary<SyncDaemon> = fc.record({
  role: fc.constantFrom('Master', 'Backup'),
  interface: fc.constantFrom(INTERFACE, INTERFACE, 'nosuch0'),
  syncId: fc.integer({ min: 0, max: 255 }),
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: key.chain((of) =>
      arbitraryServer(of).map((server) => ({ kind: 'AddServer', key: of, server }) as const),
    ),
  },
  {
    weight: 5,
    arbitrary: key.chain((of) =>
      arbitrarySettings(of).map((settings) => ({ kind: 'AddService', key: of, settings }) as const),
    ),
  },
  {
    weight: 4,
    arbitrary: key.chain((of) =>
      arbitrarySettings(of).map((settings) => ({ kind: 'EditService', key: of, settings }) as const),
    ),
  },
  {
    weight: 6,
    arbitrary: key.chain((of) =>
      arbitraryServer(of).map((server) => ({ kind: 'EditServer', key: of, server }) as const),
    ),
  },
  {
    weight: 3,
    arbitrary: key.chain((of) =>
      arbitraryServer(of).map(
        (server) =>
          ({ kind: 'DeleteServer', key: of, server: { address: server.address, port: server.port } }) as const,
      ),
    ),
  },
  { weight: 2, arbitrary: key.map((of) => ({ kind: 'DeleteService', key: of }) as const) },
  { weight: 1, arbitrary: fc.option(key).map((of) => ({ kind: 'ZeroStatistics', key: of }) as const) },
  { weight: 1, arbitrary: daemon.map((wanted) => ({ kind: 'StartDaemon', daemon: wanted }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('Master' as const, 'Backup' as const)
      .map((role) => ({ kind: 'StopDaemon', role }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: 99 })
      .map(
        (seconds) =>
          ({ kind: 'SetTimeouts', timeouts: { tcpSeconds: seconds, tcpFinSeconds: 0, udpSeconds: seconds } }) as const,
      ),
  },
);

/** A few calls of `apply`, each with several operations. */
export const arbitraryCalls: fc.Arbitrary<readonly (readonly Operation[])[]> = fc.array(
  fc.array(operation, { minLength: 1, maxLength: 25 }),
  { minLength: 1, maxLength: 4 },
);
