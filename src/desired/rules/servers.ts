import { addressFamily } from '../../model/index.js';
import type { AddressFamily } from '../../model/index.js';
import type { DeclaredForwarding, DeclaredRealServer, Path, VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import {
  DEFAULT_FORWARDING,
  DEFAULT_MARK_FAMILIES,
  DEFAULT_TUNNEL,
  DEFAULT_WEIGHT,
  MAXIMUM_SLOW_START_WEIGHT,
} from '../schema/limits.js';
import { RULE } from '../schema/rule-texts.js';
import { findDuplicates } from './duplicates.js';

/** The rules of real servers, and of what a service says for all of them. */
export function findServerContradictions(spec: VirtualServiceSpec): readonly Fault[] {
  const faults: Fault[] = [];
  const found = (path: Path, message: string): void => {
    faults.push({ path, reason: 'Inconsistent', message });
  };
  checkForwarding(spec.forwarding, ['spec', 'forwarding'], found);
  const front = frontOf(spec);
  for (const field of ['realServers', 'sorryServers'] as const) {
    const servers = spec[field] ?? [];
    let i = 0;
    const foundAtServer: Found = (path, message) => {
      found(['spec', field, i, ...path], message);
    };
    for (const server of servers) {
      checkServer(spec, front, server, foundAtServer);
      i++;
    }
    checkTargetPorts(spec, servers, found);
    faults.push(...findDuplicates(servers, ['spec', field], serverKey));
  }
  for (const [i, { defaults }] of (spec.realServersFrom ?? []).entries()) {
    if (defaults !== undefined)
      checkSettings(spec, defaults, within(found, ['spec', 'realServersFrom', i, 'defaults']));
  }
  return faults;
}

type Found = (path: Path, message: string) => void;

function within(found: Found, prefix: Path): Found {
  return (path, message) => {
    found([...prefix, ...path], message);
  };
}

function serverKey({ address, port = 0 }: DeclaredRealServer): string {
  return port === 0 ? address : `${address} port ${port}`;
}

/** What of the service's own side its servers have to fit. */
interface Front {
  readonly families: ReadonlySet<AddressFamily>;
  /** Absent by firewall mark. */
  readonly ports: VirtualServiceSpec['ports'];
}

function frontOf({ addresses, ports, firewallMark }: VirtualServiceSpec): Front {
  const families =
    firewallMark?.addressFamilies ?? (firewallMark && DEFAULT_MARK_FAMILIES) ?? addresses?.map(addressFamily);
  return { families: new Set(families), ports };
}

function checkServer(spec: VirtualServiceSpec, front: Front, server: DeclaredRealServer, found: Found): void {
  checkSettings(spec, server, found);
  const method = methodOf(spec, server);
  checkPort(front, server, method, found);
  if (server.crossFamily === true && method !== 'Tunnel') found(['crossFamily'], RULE.crossFamilyNeedsTunnel);
  const own = addressFamily(server.address);
  const joined = server.crossFamily === true ? (own === 'IPv4' ? 'IPv6' : 'IPv4') : own;
  if (front.families.size > 0 && !front.families.has(joined)) {
    const hint =
      server.crossFamily === true ? '' : ' (with the method Tunnel, crossFamily lets it join the other family)';
    found(['address'], `${RULE.familyWithoutAddress}, ${joined}${hint}`);
  }
}

function checkPort({ ports }: Front, { port = 0 }: DeclaredRealServer, method: Method, found: Found): void {
  if (ports === undefined || port === 0) return;
  if (ports.length !== 1) found(['port'], `${RULE.serverPortNeedsOnePort}, and this one has ${ports.length}`);
  else if (method !== DEFAULT_FORWARDING && port !== ports[0]?.port) {
    found(['port'], `${RULE.portIsKept}; leave the port out`);
  }
}

/** A targetPort is for servers that packets are masqueraded to; one fault tells it, however many they are. */
function checkTargetPorts(spec: VirtualServiceSpec, servers: readonly DeclaredRealServer[], found: Found): void {
  const i = spec.ports?.findIndex(({ port, targetPort = port }) => port !== targetPort) ?? -1;
  if (i < 0) return;
  const kept = servers.find((server) => (server.port ?? 0) === 0 && methodOf(spec, server) !== DEFAULT_FORWARDING);
  if (kept === undefined) return;
  const reason = `real server ${kept.address} is reached by ${methodOf(spec, kept)}`;
  found(['spec', 'ports', i, 'targetPort'], `${RULE.portIsKept}, and ${reason}`);
}

type Method = NonNullable<DeclaredForwarding['method']>;

function methodOf(spec: VirtualServiceSpec, server: DeclaredRealServer): Method {
  return (server.forwarding ?? spec.forwarding)?.method ?? DEFAULT_FORWARDING;
}

/** What servers and the defaults of server sources share. */
type ServerSettings = Pick<DeclaredRealServer, 'weight' | 'forwarding' | 'connectionThresholds'>;

function checkSettings(spec: VirtualServiceSpec, settings: ServerSettings, found: Found): void {
  const { weight = DEFAULT_WEIGHT, forwarding, connectionThresholds } = settings;
  if (spec.slowStart !== undefined && weight > MAXIMUM_SLOW_START_WEIGHT) found(['weight'], RULE.slowStartWeight);
  if (forwarding !== undefined) checkForwarding(forwarding, ['forwarding'], found);
  if (connectionThresholds !== undefined) {
    const { upper = 0, lower = 0 } = connectionThresholds;
    if (lower > upper) found(['connectionThresholds', 'lower'], RULE.lowerNeedsUpper);
  }
}

function checkForwarding(forwarding: DeclaredForwarding | undefined, path: Path, found: Found): void {
  const tunnel = forwarding?.tunnel;
  if (tunnel === undefined) return;
  const { type = DEFAULT_TUNNEL, gue, gre } = tunnel;
  const within = [...path, 'tunnel'];
  if (forwarding?.method !== 'Tunnel') found(within, RULE.tunnelNeedsMethod);
  if ((gue !== undefined) !== (type === 'GUE'))
    found(gue === undefined ? within : [...within, 'gue'], RULE.gueSettings);
  if (gre !== undefined && type !== 'GRE') found([...within, 'gre'], RULE.greSettings);
}
