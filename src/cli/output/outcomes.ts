import type { WantedState } from '../../model/index.js';
import { serviceKeyText } from '../../model/index.js';
import type { Change } from '../../plan/index.js';
import type { ConvergeReport } from '../../reconcile/index.js';

/** What became of one declared object, in kubectl's words where it has one. */
type Outcome =
  | 'created'
  | 'configured'
  | 'unchanged'
  | 'pruned'
  /** Its services are as declared, and belong to this program from now on. */
  | 'adopted'
  /** Something that it wants is not so; errors say what. */
  | 'incomplete';

export interface ObjectOutcome {
  /** `VirtualService shop/web` */
  readonly object: string;
  readonly outcome: Outcome;
}

interface Tally {
  changes: number;
  addedServices: number;
}

/** One outcome for each declared object, then one for each that was pruned. With a dry run, what would become. */
export function listOutcomes(wanted: WantedState, report: ConvergeReport, dryRun: boolean): readonly ObjectOutcome[] {
  const tallies = tallyChanges(dryRun ? report.plan.changes : report.done);
  const serviceCounts = countServices(wanted);
  const incomplete = listIncomplete(report);
  const adopted = new Set(report.plan.adoptions.map(({ object }) => object));

  const outcomeOf = (object: string): Outcome => {
    if (incomplete.has(object)) return 'incomplete';
    const tally = tallies.get(object);
    if (tally === undefined) return adopted.has(object) ? 'adopted' : 'unchanged';
    return tally.addedServices > 0 && tally.addedServices === serviceCounts.get(object) ? 'created' : 'configured';
  };

  const outcomes = Array.from(wanted.objects, (object) => ({ object, outcome: outcomeOf(object) }));
  const others = new Set([...tallies.keys(), ...incomplete].filter((object) => !wanted.objects.has(object)));
  for (const object of others) outcomes.push({ object, outcome: incomplete.has(object) ? 'incomplete' : 'pruned' });
  return outcomes;
}

function tallyChanges(changes: readonly Change[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { object, operation } of changes) {
    if (object === undefined) continue;
    let tally = tallies.get(object);
    if (tally === undefined) tallies.set(object, (tally = { changes: 0, addedServices: 0 }));
    tally.changes++;
    if (operation.kind === 'AddService') tally.addedServices++;
  }
  return tallies;
}

function countServices(wanted: WantedState): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { object } of wanted.services.values()) counts.set(object, (counts.get(object) ?? 0) + 1);
  return counts;
}

function listIncomplete({ failures, skipped, problems }: ConvergeReport): ReadonlySet<string> {
  const objects = new Set<string>();
  for (const { change } of [...failures, ...skipped]) if (change.object !== undefined) objects.add(change.object);
  for (const problem of problems) if ('object' in problem) objects.add(problem.object);
  return objects;
}

/** The keys of services that went although nobody ever declared them: those of exclusive claims. */
export function listUnnamedRemovals(report: ConvergeReport, dryRun: boolean): readonly string[] {
  const changes = dryRun ? report.plan.changes : report.done;
  return changes.flatMap(({ object, operation }) =>
    object === undefined && operation.kind === 'DeleteService' ? [serviceKeyText(operation.key)] : [],
  );
}
