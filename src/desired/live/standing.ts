import type { Issue } from '../../errors/index.js';
import type { WantedService, WantedState } from '../../model/index.js';
import type { DeclaredDirector, DeclaredDocument } from '../declared.js';
import type { PendingIssue } from '../derive/pending.js';
import { pathText } from '../faults.js';
import type { LiveObject } from './live-object.js';
import type { BrokenContent } from './unit-change.js';

/** How one object stands among all that are declared. */
export interface ObjectStanding {
  /** As the API server counts; absent for what was read from files. */
  readonly generation?: number;
  readonly isSuspended: boolean;
  /** Why it, or the newest of it, is not followed. */
  readonly faults: readonly Pick<Issue, 'path' | 'reason' | 'message'>[];
  /** What it has to do without: servers that were found and cannot be used. */
  readonly remarks: readonly Pick<Issue, 'path' | 'reason' | 'message'>[];
  /** Of a Director: the one that applies in its place. */
  readonly rival?: string;
  /** Whether it is the Director that applies. */
  readonly isDirector: boolean;
  /** Of a VirtualService: every key that it wants. */
  readonly claims: readonly Claim[];
}

export interface Claim {
  readonly key: string;
  /** As the object declares it. */
  readonly service: WantedService;
  /** The object whose service it is; absent where nobody touches it. */
  readonly owner?: string;
}

export function standingOfService(
  live: LiveObject | undefined,
  wanted: WantedState,
  broken: BrokenContent | undefined,
): ObjectStanding {
  const claims = Array.from(live?.services ?? [], ([key, service]): Claim => {
    const suspendedFor = wanted.suspended.get(key);
    const owner = wanted.services.get(key)?.object ?? (suspendedFor === service.object ? undefined : suspendedFor);
    return { key, service, ...(owner === undefined ? {} : { owner }) };
  });
  return {
    ...generationOf(live?.document, broken),
    isSuspended: live?.document.value.spec.suspend === true,
    faults: [...(broken?.issues ?? []), ...(live?.faults ?? []).map(factOf)],
    remarks: (live?.remarks ?? []).map(factOf),
    isDirector: false,
    claims,
  };
}

export function standingOfDirector(
  document: DeclaredDirector | undefined,
  applying: DeclaredDirector | undefined,
  broken: BrokenContent | undefined,
): ObjectStanding {
  const isRival = document !== undefined && applying !== undefined && applying !== document;
  return {
    ...generationOf(document, broken),
    isSuspended: false,
    faults: broken?.issues ?? [],
    remarks: [],
    ...(isRival ? { rival: applying.object } : {}),
    isDirector: document !== undefined && applying === document,
    claims: [],
  };
}

function factOf({ fault }: PendingIssue): ObjectStanding['faults'][number] {
  return { path: pathText(fault.path), reason: fault.reason, message: fault.message };
}

function generationOf(
  document: DeclaredDocument | undefined,
  broken: BrokenContent | undefined,
): { readonly generation?: number } {
  const generation = broken?.generation ?? document?.value.metadata.generation;
  return typeof generation === 'number' ? { generation } : {};
}
