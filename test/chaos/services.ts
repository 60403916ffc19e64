import { virtualService, yamlStream } from '../e2e/yaml.js';
import type { Random } from '../e2e/random.js';

/** What chaos declares: small services, so that their text, their object and their lines of ipvsadm are plain. */
export interface Service {
  readonly name: string;
  readonly place: Place;
  readonly address: string;
  readonly scheduler: string;
  /** One at least has a weight above 0. */
  readonly servers: readonly Server[];
}

/** A file of the folder that is followed, or an object of the cluster. */
export type Place = 'File' | 'Object';

export interface Server {
  readonly address: string;
  readonly weight: number;
}

export const NAMESPACE = 'chaos';
const PORT = 80;
const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc'];
const MOST_SERVERS = 4;

/** @param number 1..200 */
export function createService(place: Place, number: number, random: Random): Service {
  return {
    name: `${place.toLowerCase()}-${number}`,
    place,
    address: `10.${place === 'File' ? 50 : 60}.0.${number}`,
    scheduler: random.pick(SCHEDULERS),
    servers: createServers(random),
  };
}

/** The same service with other servers, some of which it may have had, or another scheduler. */
export function editService(service: Service, random: Random): Service {
  if (random.chance(0.2)) return { ...service, scheduler: random.pick(SCHEDULERS) };
  if (random.chance(0.5)) return { ...service, servers: createServers(random) };
  const [first, ...others] = service.servers as readonly [Server, ...Server[]];
  return { ...service, servers: [{ ...first, weight: random.integer(1, 100) }, ...others] };
}

function createServers(random: Random): readonly Server[] {
  const numbers = random.some([1, 2, 3, 4, 5, 6, 7, 8], 1, MOST_SERVERS);
  return numbers.map((number, i) => ({
    address: `192.168.0.${number}`,
    weight: i === 0 ? random.integer(1, 9) : random.integer(0, 9),
  }));
}

export function objectOf({ name, address, scheduler, servers }: Service): object {
  // Addresses and ports are last: no part of the text but the whole is a service, and none has servers left out.
  const spec = { scheduler, realServers: servers, addresses: [address], ports: [{ port: PORT }] };
  return virtualService(NAMESPACE, name, spec);
}

export function textOf(service: Service): string {
  return yamlStream([objectOf(service)]);
}

/** As ipvsadm names it: `-t 10.50.0.1:80`. */
export function keyArguments({ address }: Service): string {
  return `-t ${address}:${PORT}`;
}

export function serverArguments({ address }: Server): string {
  return `-r ${address}:${PORT}`;
}

/** As the product names it. */
export function keyText({ address }: Service): string {
  return `TCP ${address}:${PORT}`;
}

/** What `ipvsadm -Sn` prints of it. */
export function linesOf(service: Service): readonly string[] {
  const key = keyArguments(service);
  return [
    `-A ${key} -s ${service.scheduler}`,
    ...service.servers.map((server) => `-a ${key} ${serverArguments(server)} -m -w ${server.weight}`),
  ];
}
