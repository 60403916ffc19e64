import type { Counts, Plan, PlanCounts } from './plan.js';

/** Whether applying the plan would do anything. */
export function planHasChanges(plan: Plan): boolean {
  return plan.changes.length > 0 || plan.adoptions.length > 0;
}

type Subject = 'services' | 'realServers' | 'directorSettings';

export function countPlan({ changes, adoptions }: Pick<Plan, 'changes' | 'adoptions'>): PlanCounts {
  const counts: Record<Subject, Record<keyof Counts, number>> = {
    services: { add: 0, change: 0, remove: 0 },
    realServers: { add: 0, change: 0, remove: 0 },
    directorSettings: { add: 0, change: 0, remove: 0 },
  };
  const stopped = new Set<string>();
  for (const { operation, before } of changes) {
    switch (operation.kind) {
      case 'AddService':
        counts.services.add++;
        break;
      case 'EditService':
        counts.services.change++;
        break;
      case 'DeleteService':
        counts.services.remove++;
        counts.realServers.remove += before?.serverCount ?? 0;
        break;
      case 'AddServer':
        counts.realServers.add++;
        break;
      case 'EditServer':
        counts.realServers.change++;
        break;
      case 'DeleteServer':
        counts.realServers.remove++;
        break;
      case 'StopDaemon':
        stopped.add(operation.role);
        counts.directorSettings.remove++;
        break;
      case 'StartDaemon':
        // One that stops and starts again is one change.
        if (stopped.has(operation.daemon.role)) {
          counts.directorSettings.remove--;
          counts.directorSettings.change++;
        } else counts.directorSettings.add++;
        break;
      case 'SetTimeouts':
      case 'SetSysctl':
        counts.directorSettings.change++;
        break;
      case 'ZeroStatistics':
      case 'Flush':
        break;
    }
  }
  return { ...counts, adoptions: adoptions.length };
}
