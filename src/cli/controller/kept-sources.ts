import type { Log } from '../../adapters/log/index.js';
import { SYSTEM_CLOCK, withCache } from '../../reconcile/index.js';
import type { CacheEvent } from '../../reconcile/index.js';
import type { Source } from '../../sources/index.js';
import type { CliContext } from '../context.js';
import type { NodeFlags } from '../options.js';
import { nodeNameOf } from '../this-node.js';
import type { OpenedSources } from './sources.js';

export interface KeptFlags extends NodeFlags {
  readonly dataDir: string;
  /** Seconds. */
  readonly cacheMaximumAge: number;
}

export interface KeptSources {
  readonly sources: readonly Source[];
  close(): Promise<void>;
}

/** The same sources, each of which its last complete state stands in for at a start without it. */
export async function keepSources(
  { sources, cluster }: OpenedSources,
  flags: KeptFlags,
  context: CliContext,
  log: Log,
): Promise<KeptSources> {
  const { dataDir: dataFolder, cacheMaximumAge: maximumAgeSeconds } = flags;
  const node = nodeNameOf(flags, context.environment);
  const kept = await Promise.all(
    sources.map(async (source) => {
      const place = source === cluster?.source ? { cluster: cluster.client.server } : {};
      const stamp = { source: source.name, node, ...place };
      const cache = await context.openSourceCache({ dataFolder, maximumAgeSeconds, stamp });
      return { cache, source: withCache({ source, cache, clock: SYSTEM_CLOCK, observe: logger(log) }) };
    }),
  );
  return {
    sources: kept.map(({ source }) => source),
    close: async () => {
      await Promise.all(kept.map(({ cache }) => cache.close()));
    },
  };
}

function logger(log: Log): (event: CacheEvent) => void {
  return (event) => {
    log.warn(cacheEventText(event), { source: event.source });
  };
}

function cacheEventText(event: CacheEvent): string {
  switch (event.kind) {
    case 'CacheNotUsable':
      return `${event.source}: nothing of an earlier run stands in for what it does not tell: ${event.reason}`;
    case 'CacheNotSaved':
      return `${event.source}: its state is not kept for a start without it: ${event.error.message}`;
  }
}
