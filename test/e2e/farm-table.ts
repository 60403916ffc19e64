import type { Farm } from './farm.js';
import { runWell } from './process.js';

/** Weights by the names of servers. */
export type Weights = Readonly<Record<string, number>>;

/** What the kernel has of a farm: by `endpointText` of the service, the weights of its servers. */
export async function readFarmTable({ servers }: Farm): Promise<Readonly<Record<string, Weights>>> {
  const table: Record<string, Record<string, number>> = {};
  for (const row of (await runWell(['ipvsadm', '-Sn'])).split('\n')) {
    const [, service = '', server = '', weight] = /^-a -t (\S+) -r (\S+):[0-9]+ .*-w ([0-9]+)/.exec(row) ?? [];
    const found = servers.find(({ ipv4, ipv6 }) => server === ipv4 || server === `[${ipv6}]`);
    if (found !== undefined) table[service] = { ...table[service], [found.name]: Number(weight) };
  }
  return table;
}

export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
