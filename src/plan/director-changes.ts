import { SYNC_ROLES, syncDaemonKeyText } from '../model/index.js';
import type { SyncDaemon, SyncRole, Timeouts, WantedDirector } from '../model/index.js';
import type { OrderedChanges } from './ordered-changes.js';
import { adoptionOf, fateOfOwned } from './ownership.js';
import type { Adoption, Change, ObservationNeeds, Orphan, Owner, PlanInput, PlanProblem } from './plan.js';

/** How the inventory names the daemons. */
export const DAEMON_KEYS: ReadonlySet<string> = new Set(SYNC_ROLES.map(syncDaemonKeyText));

/** What has to be read of the director's settings for a plan of everything. */
export function observationNeeds(
  { director }: { readonly director: WantedDirector | null },
  owned: ReadonlyMap<string, Owner>,
): ObservationNeeds {
  return {
    timeouts: director !== null && Object.keys(director.timeouts).length > 0,
    daemons: (director?.daemons.length ?? 0) > 0 || [...DAEMON_KEYS].some((key) => owned.has(key)),
    sysctls: Object.keys(director?.sysctls ?? {}),
  };
}

/** What besides changes comes of the director's settings. */
export interface DirectorFindings {
  readonly adoptions: Adoption[];
  readonly orphans: Orphan[];
  readonly stale: string[];
  readonly problems: PlanProblem[];
  /** Daemons whose whole object is gone: the caller decides whether pruning is right. */
  readonly prunable: { readonly daemon: SyncDaemon; readonly owner: Owner }[];
}

export function planDirector(input: PlanInput, changes: OrderedChanges, findings: DirectorFindings): void {
  const { director } = input.wanted;
  if (director !== null) {
    planSysctls(director, input, changes, findings);
    planTimeouts(director, input, changes);
  }
  if (input.observed.daemons === null) return;
  for (const role of SYNC_ROLES) planDaemon(role, input.observed.daemons, input, changes, findings);
  if (director !== null) restForSyncPorts(director, input.observed.daemons, changes);
}

function planSysctls(
  { object, sysctls }: WantedDirector,
  { observed }: PlanInput,
  changes: OrderedChanges,
  { problems }: DirectorFindings,
): void {
  if (observed.sysctls === null) return;
  for (const [name, value] of Object.entries(sysctls).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sysctl = observed.sysctls[name];
    if (sysctl === undefined) problems.push({ kind: 'UnknownSysctl', name, object });
    else if (singleSpaced(sysctl) !== singleSpaced(value)) {
      const before = { sysctl: singleSpaced(sysctl) };
      changes.settings.push({ operation: { kind: 'SetSysctl', name, value: singleSpaced(value) }, before, object });
    }
  }
}

/**
 * The kernel reads sync_ports when a daemon starts while none runs, and goes by what it read until none runs again. So
 * where it changes, the director's daemons stop for it. They stop before it is set: after a crash in between, what is
 * left to do can still be seen. A daemon that is somebody else's runs on, and then rest would be for nothing.
 */
function restForSyncPorts(
  { daemons, object }: WantedDirector,
  running: readonly SyncDaemon[],
  changes: OrderedChanges,
): void {
  const at = changes.settings.findIndex(
    ({ operation }) => operation.kind === 'SetSysctl' && operation.name === 'sync_ports',
  );
  if (at === -1) return;
  const stopping = rolesOf(changes.daemonStops);
  const staying = running.filter(({ role }) => !stopping.has(role));
  if (staying.length === 0 || !staying.every(({ role }) => daemons.some((daemon) => daemon.role === role))) return;
  const restarting = rolesOf(changes.daemonRestarts);
  for (const daemon of daemons) {
    const before = staying.find(({ role }) => role === daemon.role);
    if (before === undefined || restarting.has(daemon.role)) continue;
    changes.daemonRestarts.push({
      operation: { kind: 'StopDaemon', role: daemon.role },
      before: { daemon: before },
      object,
    });
    changes.daemonStarts.push({ operation: { kind: 'StartDaemon', daemon }, object });
  }
  changes.settingsAtRest.push(...changes.settings.splice(at, 1));
}

function rolesOf(stops: readonly Change[]): ReadonlySet<SyncRole> {
  return new Set(stops.flatMap(({ operation }) => (operation.kind === 'StopDaemon' ? [operation.role] : [])));
}

/** The kernel separates the numbers of a list by tabs, people by a space. */
function singleSpaced(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function planTimeouts({ object, timeouts }: WantedDirector, { observed }: PlanInput, changes: OrderedChanges): void {
  const before = observed.timeouts;
  if (before === null) return;
  const difference = (field: keyof Timeouts): number => {
    const seconds = timeouts[field];
    return seconds === undefined || seconds === before[field] ? 0 : seconds;
  };
  const set = {
    tcpSeconds: difference('tcpSeconds'),
    tcpFinSeconds: difference('tcpFinSeconds'),
    udpSeconds: difference('udpSeconds'),
  };
  if (set.tcpSeconds + set.tcpFinSeconds + set.udpSeconds === 0) return;
  changes.settings.push({ operation: { kind: 'SetTimeouts', timeouts: set }, before: { timeouts: before }, object });
}

/** A role that was never declared is left alone; one that is declared is ours, whoever started it. */
function planDaemon(
  role: SyncRole,
  running: readonly SyncDaemon[],
  input: PlanInput,
  changes: OrderedChanges,
  findings: DirectorFindings,
): void {
  const key = syncDaemonKeyText(role);
  const { director } = input.wanted;
  if (director?.keptDaemons?.includes(role) === true) return;
  const owner = input.owned.get(key);
  const wanted = director?.daemons.find((daemon) => daemon.role === role);
  const existing = running.find((daemon) => daemon.role === role);
  if (wanted !== undefined && director !== null) {
    const { object } = director;
    if (existing !== undefined && hasWhatIsAskedFor(existing, wanted)) {
      const adoption = adoptionOf(key, object, owner, input.options);
      if (adoption !== undefined) findings.adoptions.push(adoption);
      return;
    }
    if (existing !== undefined) {
      changes.daemonRestarts.push({ operation: { kind: 'StopDaemon', role }, before: { daemon: existing }, object });
    }
    changes.daemonStarts.push({ operation: { kind: 'StartDaemon', daemon: wanted }, object });
    return;
  }
  if (owner === undefined) return;
  if (existing === undefined) {
    findings.stale.push(key);
    return;
  }
  if (input.options.deferRemovals === true) return;
  switch (fateOfOwned(owner, input)) {
    case 'Remove':
      stopDaemon(existing, owner, changes);
      return;
    case 'Prune':
      findings.prunable.push({ daemon: existing, owner });
      return;
    case 'Orphan':
      findings.orphans.push({ key, ...owner });
      return;
    case 'Leave':
      return;
  }
}

export function stopDaemon(daemon: SyncDaemon, owner: Owner, changes: OrderedChanges): void {
  changes.daemonStops.push({
    operation: { kind: 'StopDaemon', role: daemon.role },
    before: { daemon },
    object: owner.object,
  });
}

/** The kernel fills in what was not asked for, so that is no difference. */
function hasWhatIsAskedFor(existing: SyncDaemon, wanted: SyncDaemon): boolean {
  return (Object.keys(wanted) as (keyof SyncDaemon)[]).every(
    (field) => wanted[field] === undefined || wanted[field] === existing[field],
  );
}
