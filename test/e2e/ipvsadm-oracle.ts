import { isDeepStrictEqual } from 'node:util';
import { runWell } from './process.js';
import { familyOf } from './random-state.js';
import type { DeclaredForwarding, DeclaredServer, DeclaredService, DeclaredSpec, Family } from './random-state.js';

/** The table, as ipvsadm shows it or as it should show it: one line for each fact, sorted. */
export type Lines = readonly string[];

/** The same, once nothing is repeated and it is twice the same: see {@link readLines}. */
export async function readSteadyLines(): Promise<Lines> {
  let before: Lines = [];
  for (;;) {
    const lines = await readLines();
    if (new Set(lines).size === lines.length && isDeepStrictEqual(lines, before)) return lines;
    before = lines;
  }
}

/**
 * `ipvsadm -Sn`, and the thresholds that it leaves out: `TCP 10.0.0.1:80 -> 192.168.0.1:80 limits 100 80`. ipvsadm repeats
 * services, or leaves some out, when services of other namespaces come and go while it lists.
 */
export async function readLines(): Promise<Lines> {
  const [saved, listed] = await Promise.all([runWell(['ipvsadm', '-Sn']), runWell(['ipvsadm', '-Ln', '--thresholds'])]);
  return [...saved.split('\n').filter((line) => line !== ''), ...limitLines(listed)].sort();
}

function limitLines(listed: string): Lines {
  let service = '';
  return listed.split('\n').flatMap((line) => {
    const server = /^ {2}-> (\S+) +(\d+) +(\d+) /.exec(line);
    if (server === null) {
      service = /^(FWM +\d+( IPv6)?|[A-Z]+ +\S+)/.exec(line)?.[0].replace(/ +/g, ' ') ?? service;
      return [];
    }
    const [, address = '', upper = '', lower = ''] = server;
    return upper === '0' && lower === '0' ? [] : [`${service} -> ${address} limits ${upper} ${lower}`];
  });
}

/** What a declared service should look like. Written from the documentation, with nothing of the product in it. */
export function linesOf(service: DeclaredService): Lines {
  const { spec } = service;
  return kernelServicesOf(spec).flatMap((kernelService) => {
    const { selector, title, family } = kernelService;
    const lines = [`-A ${selector} -s ${spec.scheduler ?? 'wlc'}${settingWords(spec, family)}`];
    for (const server of spec.realServers) {
      if ((familyOf(server.address) === family) === (server.crossFamily ?? false)) continue;
      const endpoint = `${bracketed(server.address)}:${serverPort(server, spec, kernelService)}`;
      const { upper = 0, lower = 0 } = server.connectionThresholds ?? {};
      lines.push(`-a ${selector} -r ${endpoint} ${serverWords(server, spec)}`);
      if (upper > 0) lines.push(`${title} -> ${endpoint} limits ${upper} ${lower}`);
    }
    return lines;
  });
}

interface KernelService {
  readonly family: Family;
  /** How ipvsadm's options name it. */
  readonly selector: string;
  /** How its listing names it. */
  readonly title: string;
  readonly port: number;
  readonly targetPort: number;
}

function kernelServicesOf({ addresses = [], ports = [], firewallMark }: DeclaredSpec): readonly KernelService[] {
  if (firewallMark !== undefined) {
    const { value, addressFamilies = ['IPv4'] } = firewallMark;
    return addressFamilies.map((family) => ({
      family,
      selector: `-f ${value}${family === 'IPv6' ? ' -6' : ''}`,
      title: `FWM ${value}${family === 'IPv6' ? ' IPv6' : ''}`,
      port: 0,
      targetPort: 0,
    }));
  }
  return addresses.flatMap((address) =>
    ports.map(({ port, protocol = 'TCP', targetPort = port }) => ({
      family: familyOf(address),
      selector: `${{ TCP: '-t', UDP: '-u', SCTP: '--sctp-service' }[protocol]} ${bracketed(address)}:${port}`,
      title: `${protocol} ${bracketed(address)}:${port}`,
      port,
      targetPort,
    })),
  );
}

function bracketed(address: string): string {
  return familyOf(address) === 'IPv6' ? `[${address}]` : address;
}

function settingWords(spec: DeclaredSpec, family: Family): string {
  let words = '';
  if (spec.persistence !== undefined) {
    const { timeoutSeconds = 300, ipv4PrefixLength = 32, ipv6PrefixLength = 128, engine } = spec.persistence;
    words += ` -p ${timeoutSeconds}`;
    if (family === 'IPv4' && ipv4PrefixLength < 32) words += ` -M ${dottedMask(ipv4PrefixLength)}`;
    if (family === 'IPv6' && ipv6PrefixLength < 128) words += ` -M ${ipv6PrefixLength}`;
    if (engine !== undefined) words += ` --pe ${engine}`;
  }
  if (spec.onePacketScheduling === true) words += ' -o';
  const flags = spec.schedulerFlags ?? [];
  return flags.length === 0 ? words : `${words} -b ${flags.join(',')}`;
}

function dottedMask(length: number): string {
  const bits = '1'.repeat(length).padEnd(32, '0');
  return (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)).join('.');
}

function forwardingOf(server: DeclaredServer, spec: DeclaredSpec): DeclaredForwarding {
  return server.forwarding ?? spec.forwarding ?? { method: 'Masquerade' };
}

function serverPort(server: DeclaredServer, spec: DeclaredSpec, service: KernelService): number {
  return forwardingOf(server, spec).method === 'Masquerade' ? (server.port ?? service.targetPort) : service.port;
}

function serverWords(server: DeclaredServer, spec: DeclaredSpec): string {
  const weight = `-w ${server.state === 'Drain' ? 0 : (server.weight ?? 1)}`;
  const { method, tunnel = { type: 'IPIP' } } = forwardingOf(server, spec);
  if (method === 'Masquerade') return `-m ${weight}`;
  if (method === 'DirectRouting') return `-g ${weight}`;
  switch (tunnel.type) {
    case 'IPIP':
      return `-i ${weight} --tun-type ipip`;
    case 'GUE': {
      const { port = 0, checksum = 'None' } = tunnel.gue ?? {};
      const word = { None: '--tun-nocsum', Standard: '--tun-csum', Remote: '--tun-remcsum' }[checksum];
      return `-i ${weight} --tun-type gue --tun-port ${port} ${word}`;
    }
    case 'GRE':
      return `-i ${weight} --tun-type gre ${tunnel.gre?.checksum === 'Standard' ? '--tun-csum' : '--tun-nocsum'}`;
  }
}
