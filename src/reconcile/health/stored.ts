import type { Past, StoredHealth, StoredService } from '../../health/index.js';
import type { Departures } from './departures.js';
import type { Earlier } from './earlier.js';
import type { Targets } from './targets.js';
import type { Overlaid } from './view.js';

/** What is to be kept now. All of it changes. */
export interface Known {
  readonly targets: Targets;
  readonly overlaid: ReadonlyMap<string, Overlaid>;
  readonly departures: Departures;
  readonly earlier: Earlier;
}

/** @param epochOffset what is to be added to the controller's time to get the time of the day */
export function collectStored(
  { targets, overlaid, departures, earlier }: Known,
  epochOffset: number,
): Omit<StoredHealth, 'drains'> {
  const rest = earlier.rest();
  const services: [string, StoredService][] = [];
  const store = (key: string, past: Past): void => {
    if (isWorthKeeping(past)) services.push([key, storeService(past, epochOffset)]);
  };
  for (const [key, { state }] of overlaid) store(key, state);
  for (const [key, { past }] of departures.all) if (past !== undefined) store(key, past);
  return {
    targets: [...rest.targets, ...targets.changed()],
    advised: { ...rest.advised, ...targets.advised() },
    services: { ...rest.services, ...Object.fromEntries(services) },
    departures: departures.store(epochOffset),
  };
}

/** Whether it is not what a new start would take for granted. */
export function isWorthKeeping({ hasQuorum, ramps, leaving }: Past): boolean {
  return !hasQuorum || ramps.size > 0 || leaving.size > 0;
}

function storeService({ hasQuorum, ramps, leaving }: Past, epochOffset: number): StoredService {
  return {
    hasQuorum,
    ramps: Object.fromEntries(Array.from(ramps, ([server, start]) => [server, Math.round(start + epochOffset)])),
    leaving: Array.from(leaving.values(), ({ server, sinceMilliseconds, deadlineMilliseconds }) => ({
      server,
      sinceMilliseconds: Math.round(sinceMilliseconds + epochOffset),
      deadlineMilliseconds: Math.round(deadlineMilliseconds + epochOffset),
    })),
  };
}
