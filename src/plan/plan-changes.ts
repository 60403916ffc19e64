import { areChecks, NO_CLAIMS, syncDaemonKeyText } from '../model/index.js';
import type { KernelService, WantedService } from '../model/index.js';
import { DAEMON_KEYS, planDirector, stopDaemon } from './director-changes.js';
import type { DirectorFindings } from './director-changes.js';
import { bearsImprint } from './imprint.js';
import { OrderedChanges } from './ordered-changes.js';
import { adoptionOf, fateOfOwned, isClaimed } from './ownership.js';
import type { Owner, Plan, PlanInput } from './plan.js';
import { removeServices } from './removals.js';
import type { Removal } from './removals.js';
import { addService, changeService, ServerComparison } from './service-changes.js';

/** Services between two steps: some milliseconds of work on a slow machine. */
const SERVICES_PER_STEP = 50;

/** The operations that lead from what is observed to what is wanted, and what else there is to say about it. */
export function planChanges(input: PlanInput): Plan {
  const steps = planInSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same, little by little. What is wanted may change between the steps: every service is planned as it is wanted at
 * one moment.
 */
export function* planInSteps(input: PlanInput): Generator<undefined, Plan> {
  const { scope } = input.options;
  const changes = new OrderedChanges();
  const findings: Findings = {
    adoptions: [],
    orphans: [],
    stale: [],
    confirmed: [],
    problems: [],
    prunable: [],
    removals: [],
    pruned: [],
    missing: 0,
    found: 0,
    owned: 0,
    comparison: new ServerComparison(),
  };
  if (scope === undefined) planDirector(input, changes, findings);
  let count = 0;
  for (const [key, service] of within(input.wanted.services, scope)) {
    planWanted(key, service, input, changes, findings);
    if (++count % SERVICES_PER_STEP === 0) yield;
  }
  if (scope !== undefined || findings.found < input.observed.services.size) {
    for (const [key, service] of within(input.observed.services, scope)) {
      planUnwanted(key, service, input, findings);
      if (++count % SERVICES_PER_STEP === 0) yield;
    }
  }
  if (scope !== undefined || findings.owned < input.owned.size) {
    for (const [key] of within(input.owned, scope)) {
      if (isStale(key, input)) findings.stale.push(key);
      if (++count % SERVICES_PER_STEP === 0) yield;
    }
  }
  prune(input, changes, findings);
  const total = countOurs(input, findings);
  const { departures, problem } = removeServices(findings.removals, total, input.options, changes);
  if (problem !== undefined) findings.problems.push(problem);
  const { adoptions, orphans, stale, confirmed, problems } = findings;
  return { changes: yield* changes.inOrder(), adoptions, orphans, departures, stale, confirmed, problems };
}

interface Findings extends DirectorFindings {
  readonly confirmed: string[];
  readonly removals: Removal[];
  /** Services whose whole object is gone, where pruning was asked for. */
  readonly pruned: Removal[];
  /** How many wanted services of ours the kernel lost. */
  missing: number;
  /** How many wanted services the kernel has: where these are all that it has, none has to go. */
  found: number;
  /** How many wanted services the inventory knows: where these are all that it knows, none is stale. */
  owned: number;
  readonly comparison: ServerComparison;
}

function within<T>(
  entries: ReadonlyMap<string, T>,
  scope: ReadonlySet<string> | undefined,
): Iterable<readonly [string, T]> {
  return scope === undefined ? entries : pick(entries, scope);
}

function* pick<T>(entries: ReadonlyMap<string, T>, keys: ReadonlySet<string>): Generator<readonly [string, T]> {
  for (const key of keys) {
    const entry = entries.get(key);
    if (entry !== undefined) yield [key, entry];
  }
}

function planWanted(
  key: string,
  service: WantedService,
  input: PlanInput,
  changes: OrderedChanges,
  findings: Findings,
): void {
  const { object } = service;
  const entry = input.owned.get(key);
  const existing = input.observed.services.get(key);
  if (entry !== undefined) findings.owned++;
  if (existing !== undefined) findings.found++;
  if (existing === undefined) {
    if (entry !== undefined) findings.missing++;
    addService(service, changes);
    return;
  }
  const owner = settleOwner(key, entry, existing, findings);
  if (!mayTake(service, owner, input)) {
    findings.problems.push({ kind: 'ForeignService', key, object, ...(owner === undefined ? {} : { owner }) });
    return;
  }
  const adoption = adoptionOf(key, object, owner, input.options);
  if (adoption !== undefined) findings.adoptions.push(adoption);
  changeService(existing, service, changes, findings.comparison);
}

/** Whose a service is that the kernel has. One that was only about to be made is ours where it looks like that one. */
function settleOwner(
  key: string,
  entry: Owner | undefined,
  existing: KernelService,
  findings: Findings,
): Owner | undefined {
  if (entry?.imprint === undefined) return entry;
  const { object, set, imprint } = entry;
  const isOurs = bearsImprint(existing, imprint);
  (isOurs ? findings.confirmed : findings.stale).push(key);
  return isOurs ? { object, set } : undefined;
}

function mayTake(service: WantedService, owner: Owner | undefined, input: PlanInput): boolean {
  if (areChecks(service.object)) return owner !== undefined && areChecks(owner.object);
  return isNearOwner(service, owner, input) || mayAdopt(service, input);
}

/** An object keeps its services where it moves to another set, and a service may move to another object of its set. */
function isNearOwner({ object }: WantedService, owner: Owner | undefined, { options }: PlanInput): boolean {
  return owner !== undefined && (owner.object === object || owner.set === options.set);
}

function mayAdopt({ key }: WantedService, { wanted, options }: PlanInput): boolean {
  if (options.adopt === true || wanted.director?.adopt === true) return true;
  return isClaimed(wanted.director?.exclusive ?? NO_CLAIMS, key);
}

function planUnwanted(key: string, service: KernelService, input: PlanInput, findings: Findings): void {
  const { wanted, owned } = input;
  if (wanted.services.has(key) || wanted.suspended.has(key)) return;
  const owner = settleOwner(key, owned.get(key), service, findings);
  if (owner === undefined) {
    if (isClaimed(wanted.director?.exclusive ?? NO_CLAIMS, service.key)) findings.removals.push({ key, service });
    return;
  }
  const { object } = owner;
  const stage = areChecks(object) ? 'Over' : wanted.departing?.get(key);
  const removal: Removal = { key, service, object, ...(stage === undefined ? {} : { stage }) };
  switch (fateOfOwned(owner, input)) {
    case 'Remove':
      findings.removals.push(removal);
      return;
    case 'Prune':
      findings.pruned.push(removal);
      return;
    case 'Orphan':
      findings.orphans.push({ key, ...owner });
      return;
    case 'Leave':
      return;
  }
}

function isStale(key: string, { wanted, observed }: PlanInput): boolean {
  return !observed.services.has(key) && !wanted.services.has(key) && !DAEMON_KEYS.has(key);
}

/** Pruning never leaves nothing of a set, unless a person said that it may. */
function prune({ wanted, options }: PlanInput, changes: OrderedChanges, findings: Findings): void {
  const { pruned, prunable } = findings;
  if (pruned.length + prunable.length === 0) return;
  const nothingLeft = wanted.services.size + wanted.suspended.size === 0;
  if (nothingLeft && options.allowEmpty !== true) {
    const daemonKeys = prunable.map(({ daemon }) => syncDaemonKeyText(daemon.role));
    const keys = [...pruned.map(({ key }) => key).sort(), ...daemonKeys];
    findings.problems.push({ kind: 'EmptySet', set: options.set, keys });
    return;
  }
  for (const removal of pruned) findings.removals.push(removal);
  for (const { daemon, owner } of prunable) stopDaemon(daemon, owner, changes);
}

/**
 * How many services of ours the kernel has: those of the inventory, less what it lost, and what becomes ours or goes
 * without having been in the inventory.
 */
function countOurs({ owned }: PlanInput, { adoptions, removals, stale, missing }: Findings): number {
  if (removals.length === 0) return 0;
  let total = owned.size - missing;
  for (const { object } of owned.values()) if (areChecks(object)) total--;
  for (const key of DAEMON_KEYS) if (owned.has(key)) total--;
  for (const key of stale) if (!DAEMON_KEYS.has(key)) total--;
  for (const { key, from } of adoptions) if (from === undefined && !DAEMON_KEYS.has(key)) total++;
  for (const { object } of removals) if (object === undefined) total++;
  return total;
}
