import type { NodeEntry } from './node-state.js';
import { verdictsOf } from './reasons.js';

/** The part of a VirtualService's spec that columns show. */
export interface SummarisedSpec {
  readonly addresses?: readonly string[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
  readonly firewallMark?: { readonly value: number };
}

/** Texts for the columns of `kubectl get`. */
export interface Summary {
  readonly addresses: string;
  readonly ports: string;
  readonly protocols: string;
  /** Real servers that take new connections, of all: on the director where they are the fewest. */
  readonly ready: string;
  /** Directors that have all of it, of those that have an entry. */
  readonly directors: string;
}

const DEFAULT_PROTOCOL = 'TCP';

export function summarise(spec: SummarisedSpec, entries: readonly NodeEntry[]): Summary {
  const { addresses = [], ports = [], firewallMark } = spec;
  const worst = entries.reduce<NodeEntry | undefined>(
    (fewest, entry) => (fewest === undefined || healthyOf(entry) < healthyOf(fewest) ? entry : fewest),
    undefined,
  );
  const programmed = entries.filter(({ reason }) => verdictsOf(reason).Programmed === 'True').length;
  return {
    addresses: firewallMark === undefined ? addresses.join(',') : `FWM ${firewallMark.value}`,
    ports: ports
      .map(({ port }) => port)
      .filter(isFirst)
      .join(','),
    protocols: ports
      .map(({ protocol = DEFAULT_PROTOCOL }) => protocol)
      .filter(isFirst)
      .join(','),
    ready: `${worst?.healthy ?? 0}/${worst?.total ?? 0}`,
    directors: `${programmed}/${entries.length}`,
  };
}

export function sameSummary(a: Partial<Summary> | undefined, b: Summary | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.addresses === b.addresses &&
    a.ports === b.ports &&
    a.protocols === b.protocols &&
    a.ready === b.ready &&
    a.directors === b.directors
  );
}

function healthyOf({ healthy = 0 }: NodeEntry): number {
  return healthy;
}

function isFirst<T>(item: T, index: number, items: readonly T[]): boolean {
  return items.indexOf(item) === index;
}
