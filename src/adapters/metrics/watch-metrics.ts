import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** How the following of one resource of an API server goes. */
export interface FollowedResource {
  readonly objects: number;
  readonly lists: number;
  readonly expirations: number;
  readonly watches: number;
  readonly failures: number;
  readonly events: number;
  /** By the clock of `nowMilliseconds`; `undefined` before the first event or bookmark. */
  readonly lastEventMilliseconds: number | undefined;
}

export interface WatchMetricsInput {
  /** By resource: `virtualservices`. */
  readonly followed: () => ReadonlyMap<string, FollowedResource>;
  /** Never jumps. */
  readonly nowMilliseconds: () => number;
}

const COUNTERS: readonly (readonly [name: string, help: string, field: keyof FollowedResource])[] = [
  ['lists_total', 'Complete lists.', 'lists'],
  ['expirations_total', 'Watches that had fallen too far behind, so that a list was needed.', 'expirations'],
  ['starts_total', 'Watches that were begun.', 'watches'],
  ['failures_total', 'Lists and watches that failed.', 'failures'],
  ['events_total', 'Objects that a watch told of.', 'events'],
];

/** What metrics say of the API server's watches, whenever somebody asks. */
export function addWatchMetrics(registry: Registry, { followed, nowMilliseconds }: WatchMetricsInput): void {
  const labelNames = ['resource'];
  const registers = [registry];
  for (const [name, help, field] of COUNTERS) {
    new Counter({
      name: `ipvs_operator_watch_${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [resource, counts] of followed()) this.inc({ resource }, counts[field] ?? 0);
      },
    });
  }
  new Gauge({
    name: 'ipvs_operator_watch_objects',
    help: 'Objects that are known.',
    labelNames,
    registers,
    collect() {
      for (const [resource, { objects }] of followed()) this.set({ resource }, objects);
    },
  });
  new Gauge({
    name: 'ipvs_operator_watch_silence_seconds',
    help: 'How long ago a watch last brought an event or a bookmark, which come every minute.',
    labelNames,
    registers,
    collect() {
      const now = nowMilliseconds();
      for (const [resource, { lastEventMilliseconds: last }] of followed()) {
        if (last !== undefined) this.set({ resource }, (now - last) / 1000);
      }
    },
  });
}
