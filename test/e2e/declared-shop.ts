import { VIRTUAL_IPV4, VIRTUAL_IPV6 } from './network.js';
import { director, virtualService, yamlStream } from './yaml.js';

/** What a shop behind the director declares, open to edits. */
export interface Declared {
  web: Service;
  other: Service | null;
  director: { timeouts?: Record<string, number>; sysctls?: Record<string, string> };
}

interface Service {
  addresses: string[];
  ports: { port: number; targetPort?: number }[];
  scheduler: string;
  schedulerFlags?: string[];
  persistence?: { timeoutSeconds?: number; ipv4PrefixLength?: number; ipv6PrefixLength?: number };
  realServers: Server[];
}

interface Server {
  address: string;
  weight?: number;
  state?: string;
  forwarding?: { method: string; tunnel?: { type: string } };
  connectionThresholds?: { upper: number; lower?: number };
}

/** The real servers' own port, so that every forwarding method may have it. */
export const PORT = 8080;
export const OTHER_PORT = 81;

/** Both families' addresses of these servers. */
export function serversOf(...numbers: readonly number[]): Server[] {
  return numbers.flatMap((number) => [{ address: `10.2.${number}.2` }, { address: `fd02:${number}::2` }]);
}

/** Two services of both families with the first two servers. */
export function declared(): Declared {
  const service = { addresses: [VIRTUAL_IPV4, VIRTUAL_IPV6], scheduler: 'rr', realServers: serversOf(1, 2) };
  return {
    web: { ...service, ports: [{ port: PORT }] },
    other: { ...service, ports: [{ port: OTHER_PORT, targetPort: PORT }] },
    director: {},
  };
}

/** Edits one server, in both families. */
export function editServers(service: Service, number: number, edit: Partial<Server>): void {
  const addresses = serversOf(number).map(({ address }) => address);
  service.realServers = service.realServers.map((server) =>
    addresses.includes(server.address) ? { ...server, ...edit } : server,
  );
}

export function yamlOf(state: Declared): string {
  const documents = [virtualService('shop', 'web', state.web), director('edge', state.director)];
  if (state.other !== null) documents.push(virtualService('shop', 'other', state.other));
  return yamlStream(documents);
}
