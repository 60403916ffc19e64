import type { InventoryEntry, ReadOptions } from '../kernel/index.js';
import { canonicalAddress, parseServiceKeyText, PROTOCOLS, serviceKeyText } from '../model/index.js';
import type { KernelService, ServiceKey } from '../model/index.js';

/** What a NAME argument of `get` stands for. */
export type Selector =
  /** Exactly these keys, as far as they exist. */
  | { readonly kind: 'Keys'; readonly name: string; readonly keys: readonly ServiceKey[] }
  /** All services on an address. */
  | { readonly kind: 'Address'; readonly name: string; readonly address: string };

type Entries = ReadonlyMap<string, InventoryEntry>;

/**
 * Understands `TCP 10.0.0.1:80`, `FWM 7`, `10.0.0.1:80`, `10.0.0.1`, `shop/web` and `web` (in any namespace). Names of
 * objects are looked up in the inventory, because the kernel knows none.
 */
export function parseSelector(name: string, entries: Entries): Selector {
  const address = canonicalAddress(name);
  if (address !== undefined) return { kind: 'Address', name, address };
  const key = parseServiceKeyText(name);
  const keys = key === undefined ? (endpointKeys(name) ?? objectKeys(name, entries)) : [key];
  return { kind: 'Keys', name, keys };
}

function endpointKeys(name: string): readonly ServiceKey[] | undefined {
  const match = /^(?:\[([^\]]+)\]|([0-9.]+)):([0-9]{1,5})$/.exec(name);
  const address = canonicalAddress(match?.[1] ?? match?.[2] ?? '');
  if (address === undefined) return undefined;
  return PROTOCOLS.map((protocol) => ({ protocol, address, port: Number(match?.[3]) }));
}

function objectKeys(name: string, entries: Entries): readonly ServiceKey[] {
  const ending = name.includes('/') ? ` ${name}` : `/${name}`;
  const keys: ServiceKey[] = [];
  for (const [text, { object }] of entries) {
    if (!object.endsWith(ending)) continue;
    const key = parseServiceKeyText(text);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** How to read: the two pairs of methods of the port, with counters and without. */
export interface Reader<Service extends KernelService> {
  readonly all: (options: ReadOptions) => Promise<ReadonlyMap<string, Service>>;
  readonly some: (keys: readonly ServiceKey[], options: ReadOptions) => Promise<readonly (Service | undefined)[]>;
}

export interface Selection<Service> {
  readonly services: Iterable<Service>;
  /** NAME arguments that nothing in the kernel answers to. */
  readonly unmatched: readonly string[];
}

/** Reads what the selectors ask for. Keys alone are read at the cost of these keys. */
export async function readSelection<Service extends KernelService>(
  reader: Reader<Service>,
  selectors: readonly Selector[],
  options: ReadOptions,
): Promise<Selection<Service>> {
  const table = selectors.some(({ kind }) => kind === 'Address')
    ? await reader.all(options)
    : await readKeys(reader, selectors, options);
  const found = new Map<string, Service>();
  const unmatched: string[] = [];
  for (const selector of selectors) {
    const services = select(table, selector);
    if (services.length === 0) unmatched.push(selector.name);
    for (const service of services) found.set(serviceKeyText(service.key), service);
  }
  return { services: found.values(), unmatched };
}

async function readKeys<Service extends KernelService>(
  reader: Reader<Service>,
  selectors: readonly Selector[],
  options: ReadOptions,
): Promise<ReadonlyMap<string, Service>> {
  const keys = selectors.flatMap((selector) => (selector.kind === 'Keys' ? selector.keys : []));
  const services = await reader.some(keys, options);
  return new Map(
    services.flatMap((service) => (service === undefined ? [] : [[serviceKeyText(service.key), service]])),
  );
}

function select<Service extends KernelService>(table: ReadonlyMap<string, Service>, selector: Selector): Service[] {
  if (selector.kind === 'Address') {
    return [...table.values()].filter(({ key }) => key.firewallMark === undefined && key.address === selector.address);
  }
  return selector.keys.flatMap((key) => table.get(serviceKeyText(key)) ?? []);
}
