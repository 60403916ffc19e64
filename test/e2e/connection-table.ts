import { readFile } from 'node:fs/promises';
import { canonicalAddress } from '../../src/model/index.js';

/** One line of /proc/net/ip_vs_conn: a connection, or a persistence template. */
export interface ListedConnection {
  readonly protocol: string;
  readonly client: Endpoint;
  readonly virtual: Endpoint;
  readonly server: Endpoint;
  /** `ESTABLISHED`, `FIN_WAIT`, …; `NONE` for a template. */
  readonly state: string;
  readonly expiresInSeconds: number;
}

export interface Endpoint {
  /** Canonical text. */
  readonly address: string;
  readonly port: number;
}

/** The connections that IPVS knows in this process's network namespace. */
export async function readConnections(): Promise<readonly ListedConnection[]> {
  const [, ...lines] = (await readFile('/proc/net/ip_vs_conn', 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const [protocol = '', ...words] = line.trim().split(/\s+/);
    const [clientAddress, clientPort, virtualAddress, virtualPort, serverAddress, serverPort, state, expires] = words;
    return {
      protocol,
      client: endpoint(clientAddress, clientPort),
      virtual: endpoint(virtualAddress, virtualPort),
      server: endpoint(serverAddress, serverPort),
      state: state ?? '',
      expiresInSeconds: Number(expires),
    };
  });
}

function endpoint(address = '', port = ''): Endpoint {
  const text = address.includes(':')
    ? address
    : (address.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).join('.');
  return { address: canonicalAddress(text) ?? text, port: parseInt(port, 16) };
}
