import type { DeclaredVirtualService, FoundServer, FoundServers, VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { DEFAULT_PROTOCOL, MAXIMUM_REAL_SERVERS } from '../schema/limits.js';
import { quote } from '../texts.js';
import type { EndpointPort, EndpointSlice } from './endpoint-slice.js';

type DeclaredPort = NonNullable<VirtualServiceSpec['ports']>[number];

/** Where a server by firewall mark is reached: the packets keep their port. */
const MARK_PORTS: readonly number[] = [0];

/**
 * The object with the servers that its `realServersFrom` finds. `slicesOf` gives all slices of a Service of the object's
 * namespace. Their order means nothing.
 */
export function withFoundServers(
  document: DeclaredVirtualService,
  slicesOf: (serviceName: string) => readonly EndpointSlice[],
): DeclaredVirtualService {
  const { spec } = document.value;
  const servers = new Map<string, FoundServer>();
  const faults: Fault[] = [];
  for (const [from, { endpointSlices }] of (spec.realServersFrom ?? []).entries()) {
    const slices = slicesOf(endpointSlices.serviceName);
    for (const server of slices.flatMap((slice) => serversOf(slice, spec, from))) {
      const key = `${server.address} ${server.ports.join()}`;
      const before = servers.get(key);
      if (before === undefined || (before.isDraining && !server.isDraining)) servers.set(key, server);
    }
    const message = describeMismatch(endpointSlices.serviceName, slices, spec.ports);
    if (message !== undefined) {
      faults.push({ path: ['spec', 'realServersFrom', from, 'endpointSlices'], reason: 'Missing', message });
    }
  }
  return { ...document, found: bounded([...servers.values()], spec, faults) };
}

function serversOf(slice: EndpointSlice, spec: VirtualServiceSpec, from: number): readonly FoundServer[] {
  const ports = spec.ports?.map((port) => portIn(slice, port, spec.ports?.length === 1)) ?? MARK_PORTS;
  if (ports.every((port) => port === null)) return [];
  return slice.endpoints.map(({ address, isDraining }) => ({ address, ports, isDraining, from }));
}

/** The port that an endpoint of the slice serves a declared port on; `null` where it does not. */
function portIn({ ports }: EndpointSlice, declared: DeclaredPort, isOnly: boolean): number | null {
  const found = findPort(ports, declared, isOnly);
  // A service on every port keeps the port of each packet.
  if (found === undefined) return null;
  return declared.port === 0 ? 0 : (found.port ?? declared.targetPort ?? declared.port);
}

/** By its name; where there is one port on both sides, and a name on one of them, nobody else can be meant. */
function findPort(
  ports: readonly EndpointPort[],
  { name = '', protocol = DEFAULT_PROTOCOL }: DeclaredPort,
  isOnly: boolean,
): EndpointPort | undefined {
  const candidates = ports.filter((port) => port.protocol === protocol);
  const named = candidates.find((port) => port.name === name);
  if (named !== undefined || !isOnly || candidates.length !== 1) return named;
  return name === '' || candidates[0]?.name === '' ? candidates[0] : undefined;
}

function describeMismatch(
  serviceName: string,
  slices: readonly EndpointSlice[],
  ports: readonly DeclaredPort[] = [],
): string | undefined {
  if (slices.length === 0) return `there are no endpoint slices of a Service ${quote(serviceName)} in this namespace`;
  const offered = slices.flatMap((slice) => slice.ports);
  if (offered.length === 0) return undefined;
  const isOnly = ports.length === 1;
  const missing = ports.filter((port) => slices.every((slice) => findPort(slice.ports, port, isOnly) === undefined));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name = '', port, protocol = DEFAULT_PROTOCOL }) => portText(name, protocol, port));
  const choice = [...new Set(offered.map(({ name, protocol, port }) => portText(name, protocol, port)))];
  return `the Service ${quote(serviceName)} has no port ${names.join(', ')}: its endpoints have ${choice.join(', ')}`;
}

function portText(name: string, protocol: string, port: number | null): string {
  const number = port === null ? '' : ` ${port}`;
  return name === '' ? `${protocol}${number} without a name` : `${quote(name)} (${protocol}${number})`;
}

function bounded(servers: FoundServer[], spec: VirtualServiceSpec, faults: Fault[]): FoundServers {
  // The same servers in another order shall be the same state, and those that drain are the first to be left out.
  servers.sort((a, b) => Number(a.isDraining) - Number(b.isDraining) || compareTexts(sortText(a), sortText(b)));
  const room = Math.max(0, MAXIMUM_REAL_SERVERS - (spec.realServers?.length ?? 0));
  if (servers.length > room) {
    const message = `${servers.length - room} found servers are left out: a virtual service has at most ${MAXIMUM_REAL_SERVERS}`;
    faults.push({ path: ['spec', 'realServersFrom'], reason: 'InvalidValue', message });
  }
  return { servers: servers.slice(0, room), faults };
}

function sortText({ address, ports, from }: FoundServer): string {
  return `${address} ${ports.join()} ${from}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
