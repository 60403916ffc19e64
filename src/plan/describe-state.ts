import { FULL_NETMASK, schedulerFlagNames } from '../model/index.js';
import type { Persistence, RealServer, ServiceSettings, SyncDaemon, Timeouts, Tunnel } from '../model/index.js';

/** The parts of a thing in a person's words, by name. `undefined`: it has no such part. */
type Parts = Readonly<Record<string, string | undefined>>;

/** `scheduler wrr, persistence 300 s`: all parts that there are. */
export function listParts(parts: Parts): string {
  return Object.entries(parts)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name} ${text ?? ''}`)
    .join(', ');
}

/** `scheduler: wlc -> wrr, persistence: none -> 300 s`: the parts that differ. */
export function listDifferences(before: Parts, after: Parts, separator = ': '): string {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}${separator}${before[name] ?? 'none'} -> ${after[name] ?? 'none'}`)
    .join(', ');
}

/** The same where absent parts of `after` are left as they are. */
export function listSetParts(before: Parts, after: Parts, separator?: string): string {
  const set = Object.fromEntries(Object.entries(after).filter(([, text]) => text !== undefined));
  return listDifferences(before, set, separator);
}

export function serviceParts(settings: ServiceSettings): Parts {
  const flags = schedulerFlagNames(settings.scheduler, settings.schedulerFlags);
  const all = settings.onePacketScheduling ? ['one-packet', ...flags] : flags;
  return {
    scheduler: settings.scheduler === '' ? undefined : settings.scheduler,
    flags: all.length === 0 ? undefined : all.join('+'),
    persistence: settings.persistence === null ? undefined : persistenceText(settings.persistence),
    'engine without persistence': settings.strayEngine,
  };
}

/** `300 s`, `300 s (netmask 255.255.255.0, engine sip)`: a netmask that tells all clients apart goes without saying. */
function persistenceText({ timeoutSeconds, netmask, engine }: Persistence): string {
  const details = [
    ...(Object.values(FULL_NETMASK).includes(netmask) ? [] : [`netmask ${netmask}`]),
    ...(engine === '' ? [] : [`engine ${engine}`]),
  ];
  return details.length === 0 ? `${timeoutSeconds} s` : `${timeoutSeconds} s (${details.join(', ')})`;
}

export function serverParts(server: RealServer): Parts {
  return {
    forwarding: server.tunnel === null ? server.forwarding : `${server.forwarding} ${tunnelText(server.tunnel)}`,
    weight: String(server.weight),
    'upper threshold': server.upperThreshold === 0 ? undefined : String(server.upperThreshold),
    'lower threshold': server.lowerThreshold === 0 ? undefined : String(server.lowerThreshold),
  };
}

function tunnelText(tunnel: Tunnel): string {
  switch (tunnel.type) {
    case 'IPIP':
      return 'IPIP';
    case 'GUE':
      return `GUE (port ${tunnel.port}, checksum ${tunnel.checksum})`;
    case 'GRE':
      return `GRE (checksum ${tunnel.checksum})`;
  }
}

/** A timeout of 0 is one that is left as it is. */
export function timeoutParts(timeouts: Timeouts): Parts {
  const seconds = (value: number): string | undefined => (value === 0 ? undefined : `${value} s`);
  return {
    tcp: seconds(timeouts.tcpSeconds),
    'tcp fin': seconds(timeouts.tcpFinSeconds),
    udp: seconds(timeouts.udpSeconds),
  };
}

export function daemonParts(daemon: SyncDaemon): Parts {
  const number = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return {
    interface: daemon.interface,
    'sync id': String(daemon.syncId),
    group: daemon.multicastGroup,
    port: number(daemon.port),
    ttl: number(daemon.ttl),
    'maximum message length': number(daemon.maximumMessageLength),
  };
}
