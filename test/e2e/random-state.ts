import type { Random } from './random.js';

/**
 * Random virtual services as a person could declare them, and random changes to them. They use all that reaches the
 * kernel. Addresses, ports and marks come from small pools, so that changes meet the same kernel services again and
 * again; no two objects claim the same one.
 */
export interface DeclaredService {
  readonly name: string;
  readonly spec: DeclaredSpec;
}

export interface DeclaredSpec {
  readonly addresses?: readonly string[];
  readonly ports?: readonly DeclaredPort[];
  readonly firewallMark?: { readonly value: number; readonly addressFamilies?: readonly Family[] };
  readonly scheduler?: string;
  readonly schedulerFlags?: readonly string[];
  readonly onePacketScheduling?: boolean;
  readonly persistence?: DeclaredPersistence;
  readonly forwarding?: DeclaredForwarding | undefined;
  readonly realServers: readonly DeclaredServer[];
  readonly suspend?: boolean;
}

export type Family = 'IPv4' | 'IPv6';

export interface DeclaredPort {
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly targetPort?: number;
}

export interface DeclaredPersistence {
  readonly timeoutSeconds?: number;
  readonly ipv4PrefixLength?: number;
  readonly ipv6PrefixLength?: number;
  readonly engine?: string;
}

export interface DeclaredForwarding {
  readonly method: 'Masquerade' | 'DirectRouting' | 'Tunnel';
  readonly tunnel?: DeclaredTunnel;
}

export interface DeclaredTunnel {
  readonly type: 'IPIP' | 'GUE' | 'GRE';
  readonly gue?: { readonly port: number; readonly checksum?: 'None' | 'Standard' | 'Remote' };
  readonly gre?: { readonly checksum: 'None' | 'Standard' };
}

export interface DeclaredServer {
  readonly address: string;
  readonly port?: number;
  readonly weight?: number;
  readonly state?: 'Enabled' | 'Drain';
  readonly forwarding?: DeclaredForwarding;
  readonly crossFamily?: boolean;
  readonly connectionThresholds?: { readonly upper: number; readonly lower?: number };
}

const VIRTUAL_ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.10', 'fd00::1', 'fd00::2', '2001:db8:0:1::a'];
const PORTS = [0, 53, 80, 443, 8080, 65535];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const MARKS = [1, 2, 7, 1000, 2147483647];
const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'dh', 'sh', 'mh', 'lblc', 'lblcr', 'fo', 'ovf'];
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];
const SERVERS_PER_FAMILY = 8;
const MAXIMUM_SERVICES = 12;
const LAST_NAME = 30;

/** The next state: a few random changes away. */
export function changeState(services: readonly DeclaredService[], random: Random): readonly DeclaredService[] {
  let next = services;
  for (let changes = random.integer(1, 4); changes > 0; changes--) next = changeOnce(next, random);
  return next;
}

function changeOnce(services: readonly DeclaredService[], random: Random): readonly DeclaredService[] {
  if (services.length === 0 || (services.length < MAXIMUM_SERVICES && random.chance(0.4))) {
    const name = `service-${random.integer(1, LAST_NAME)}`;
    if (services.some((service) => service.name === name)) return services;
    const service = { name, spec: randomSpec(random) };
    return isFree(service, services) ? [...services, service] : services;
  }
  const victim = random.pick(services);
  const others = services.filter((service) => service !== victim);
  if (random.chance(0.15)) return others;
  const changed = { name: victim.name, spec: changeSpec(victim.spec, random) };
  return isFree(changed, others) ? [...others, changed] : services;
}

/** What a service claims in the kernel's table, in words of this file's own. */
function claimsOf({ spec }: DeclaredService): readonly string[] {
  if (spec.firewallMark !== undefined) {
    const { value, addressFamilies = ['IPv4'] } = spec.firewallMark;
    return addressFamilies.map((family) => `mark ${value} ${family}`);
  }
  return (spec.addresses ?? []).flatMap((address) =>
    (spec.ports ?? []).map(({ port, protocol = 'TCP' }) => `${protocol} ${address} ${port}`),
  );
}

function isFree(service: DeclaredService, others: readonly DeclaredService[]): boolean {
  const taken = new Set(others.flatMap(claimsOf));
  return claimsOf(service).every((claim) => !taken.has(claim));
}

/** A change of one kind; a suspended service is only resumed, so that what it left in the kernel stays known. */
function changeSpec(spec: DeclaredSpec, random: Random): DeclaredSpec {
  if (spec.suspend === true) return { ...spec, suspend: false };
  if (random.chance(0.05)) return { ...spec, suspend: true };
  const fresh = randomSpec(random, spec);
  const { realServers } = spec;
  switch (random.integer(1, 4)) {
    case 1:
      // What real servers may be depends on the forwarding method, which stays theirs.
      return { ...fresh, forwarding: spec.forwarding, realServers };
    case 2: {
      const left = realServers.filter(() => random.chance(0.7));
      const known = new Set(left.map(({ address }) => address));
      const added = fresh.realServers.filter(({ address }) => !known.has(address));
      return { ...spec, realServers: [...left, ...added.map(({ address }) => randomServer(address, spec, random))] };
    }
    case 3:
      return { ...spec, realServers: realServers.map(({ address }) => randomServer(address, spec, random)) };
    default:
      return fresh;
  }
}

/** Another spec; with `like`, one of the same claims and families. */
function randomSpec(random: Random, like?: DeclaredSpec): DeclaredSpec {
  const claims = like === undefined ? randomClaims(random) : claimsLike(like);
  const ports = claims.ports ?? [];
  const scheduler = random.chance(0.8) ? random.pick(SCHEDULERS) : undefined;
  const udpOnly = ports.every(({ protocol }) => protocol === 'UDP');
  const persistent = ports.some(({ port }) => port === 0) || random.chance(0.3);
  const spec: DeclaredSpec = {
    ...claims,
    ...(scheduler !== undefined && { scheduler }),
    ...(isHashing(scheduler) && { schedulerFlags: random.some([`${scheduler}-fallback`, `${scheduler}-port`], 0, 2) }),
    ...(udpOnly && random.chance(0.3) && { onePacketScheduling: random.chance(0.8) }),
    ...(persistent && { persistence: randomPersistence(random, udpOnly && ports.length > 0) }),
    ...(random.chance(0.4) && { forwarding: randomForwarding(ports, random) }),
    realServers: [],
  };
  const addresses = random.some(serverAddresses(familiesOf(spec)), 0, 6);
  return { ...spec, realServers: addresses.map((address) => randomServer(address, spec, random)) };
}

function isHashing(scheduler: string | undefined): scheduler is 'sh' | 'mh' {
  return scheduler === 'sh' || scheduler === 'mh';
}

function claimsLike({ addresses, ports, firewallMark }: DeclaredSpec): Partial<DeclaredSpec> {
  if (firewallMark !== undefined) return { firewallMark };
  return { addresses: addresses ?? [], ports: ports ?? [] };
}

function randomClaims(random: Random): Partial<DeclaredSpec> {
  if (random.chance(0.2)) {
    const value = random.pick(MARKS);
    return { firewallMark: random.chance(0.3) ? { value } : { value, addressFamilies: random.some(FAMILIES, 1, 2) } };
  }
  const ports = random.some(PORTS, 1, 3).map((port): DeclaredPort => ({
    port,
    ...(random.chance(0.6) && { protocol: random.pick(PROTOCOLS) }),
    ...(port !== 0 && random.chance(0.3) && { targetPort: random.integer(1, 65535) }),
  }));
  return { addresses: random.some(VIRTUAL_ADDRESSES, 1, 3), ports };
}

/** The families of the virtual addresses. */
function familiesOf(spec: DeclaredSpec): readonly Family[] {
  if (spec.firewallMark !== undefined) return spec.firewallMark.addressFamilies ?? ['IPv4'];
  return FAMILIES.filter((family) => spec.addresses?.some((address) => familyOf(address) === family));
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

function serverAddresses(families: readonly Family[]): readonly string[] {
  const numbers = Array.from({ length: SERVERS_PER_FAMILY }, (_, i) => i + 1);
  return families.flatMap((family) => numbers.map((n) => (family === 'IPv4' ? `10.2.0.${n}` : `fd02::${n}`)));
}

function randomPersistence(random: Random, mayHaveEngine: boolean): DeclaredPersistence {
  return {
    ...(random.chance(0.6) && { timeoutSeconds: random.integer(1, 2_678_400) }),
    ...(random.chance(0.5) && { ipv4PrefixLength: random.integer(1, 32) }),
    ...(random.chance(0.5) && { ipv6PrefixLength: random.integer(1, 128) }),
    ...(mayHaveEngine && random.chance(0.4) && { engine: 'sip' }),
  };
}

/** Only masquerading can change a port. */
function randomForwarding(ports: readonly DeclaredPort[], random: Random): DeclaredForwarding {
  if (ports.some(({ targetPort }) => targetPort !== undefined)) return { method: 'Masquerade' };
  const method = random.pick(['Masquerade', 'DirectRouting', 'Tunnel'] as const);
  return method === 'Tunnel' && random.chance(0.8) ? { method, tunnel: randomTunnel(random) } : { method };
}

function randomTunnel(random: Random): DeclaredTunnel {
  const type = random.pick(['IPIP', 'GUE', 'GRE'] as const);
  switch (type) {
    case 'IPIP':
      return { type };
    case 'GUE': {
      const port = random.integer(1, 65535);
      const checksum = random.pick(['None', 'Standard', 'Remote'] as const);
      return { type, gue: random.chance(0.3) ? { port } : { port, checksum } };
    }
    case 'GRE':
      return random.chance(0.3) ? { type } : { type, gre: { checksum: random.pick(['None', 'Standard'] as const) } };
  }
}

function randomServer(address: string, spec: DeclaredSpec, random: Random): DeclaredServer {
  const { ports = [] } = spec;
  const forwarding = random.chance(0.3) ? randomForwarding(ports, random) : undefined;
  const method = (forwarding ?? spec.forwarding)?.method ?? 'Masquerade';
  const ownPort = method === 'Masquerade' && ports.length === 1 && ports[0]?.port !== 0;
  const crossFamily = method === 'Tunnel' && familiesOf(spec).length === 2 && random.chance(0.3);
  return {
    address,
    ...(ownPort && random.chance(0.3) && { port: random.integer(1, 65535) }),
    ...(random.chance(0.7) && { weight: random.chance(0.8) ? random.integer(0, 10) : random.integer(0, 65535) }),
    ...(random.chance(0.2) && { state: random.pick(['Enabled', 'Drain'] as const) }),
    ...(forwarding !== undefined && { forwarding }),
    ...(crossFamily && { crossFamily }),
    ...(random.chance(0.2) && { connectionThresholds: randomThresholds(random) }),
  };
}

function randomThresholds(random: Random): { upper: number; lower?: number } {
  const upper = random.integer(1, 100_000);
  return random.chance(0.5) ? { upper } : { upper, lower: random.integer(0, upper) };
}
