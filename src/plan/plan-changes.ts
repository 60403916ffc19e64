import type { WantedState } from '../model/index.js';
import type { ObservationNeeds, Owner, Plan, PlanInput } from './plan.js';

/** What has to be read of the director's settings for a plan of everything. */
export function observationNeeds(wanted: WantedState, owned: ReadonlyMap<string, Owner>): ObservationNeeds {
  throw new Error(`to come: ${wanted.services.size} ${owned.size}`);
}

/** The operations that lead from what is observed to what is wanted. */
export function planChanges(input: PlanInput): Plan {
  throw new Error(`to come: ${input.wanted.services.size}`);
}
