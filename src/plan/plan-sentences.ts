import type { Counts, PlanCounts, PlanProblem } from './plan.js';

/** `services 3 to add, 1 to change, 2 to remove; real servers 30 to add, …`; empty where there is nothing to count. */
export function formatPlanCounts({ services, realServers, directorSettings, adoptions }: PlanCounts): string {
  const parts = [
    formatCounts('services', services),
    formatCounts('real servers', realServers),
    formatCounts('director settings', directorSettings),
    adoptions === 0 ? undefined : `${adoptions} to take over`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function formatCounts(name: string, { add, change, remove }: Counts): string | undefined {
  if (add + change + remove === 0) return undefined;
  return `${name} ${add} to add, ${change} to change, ${remove} to remove`;
}

/** A problem in sentences for a person, with what to do about it; its keys are not in it where there may be many. */
export function formatPlanProblem(problem: PlanProblem): string {
  switch (problem.kind) {
    case 'ForeignService':
      if (problem.owner !== undefined) {
        return (
          `${problem.key} of ${problem.object} belongs to ${problem.owner.object} of the set "${problem.owner.set}" and is ` +
          `left as it is. --adopt takes it over.`
        );
      }
      return (
        `${problem.key} of ${problem.object} was made by someone else and is left as it is. ` +
        `--adopt, or the Director's ownership, takes it over.`
      );
    case 'RemovalsHeldBack':
      return (
        `Held back: ${problem.keys.length} of ${problem.total} services would go, and no more than ${problem.limit} ` +
        `may at once. --max-removals ${problem.keys.length} allows it.`
      );
    case 'RemovalsDeferred':
      return `${quantity(problem.keys.length, 'service')} would go, but not before every input is read and right.`;
    case 'EmptySet':
      return (
        `Held back: nothing of the set "${problem.set}" is declared any more, and nothing of it would be left. ` +
        `--allow-empty allows it.`
      );
    case 'UnknownSysctl':
      return `The kernel has no sysctl net.ipv4.vs.${problem.name}, which ${problem.object} sets.`;
  }
}

/** `1 real server`, `2 real servers`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
