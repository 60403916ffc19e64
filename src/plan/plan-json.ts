import { realServerKeyText, serviceKeyText } from '../model/index.js';
import type { Operation } from '../model/index.js';
import { countPlan } from './count.js';
import { formatPlanProblem } from './plan-sentences.js';
import type { Change, Plan } from './plan.js';

/**
 * The plan as plain data for `-o json` and `-o yaml`. Services and real servers are named by their texts. What an
 * operation leads to is `after`, with the fields of the model; a timeout of 0 is left as it is.
 */
export function planToJson(plan: Plan): Readonly<Record<string, unknown>> {
  return {
    changes: plan.changes.map(changeToJson),
    adoptions: plan.adoptions,
    orphans: plan.orphans,
    problems: plan.problems.map((problem) => ({ ...problem, message: formatPlanProblem(problem) })),
    counts: countPlan(plan),
  };
}

function changeToJson({ operation, before, object }: Change): Readonly<Record<string, unknown>> {
  return {
    operation: operation.kind,
    ...(object === undefined ? {} : { object }),
    ...operationToJson(operation),
    ...(before === undefined ? {} : { before }),
  };
}

function operationToJson(operation: Operation): Readonly<Record<string, unknown>> {
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
      return { service: serviceKeyText(operation.key), after: { settings: operation.settings } };
    case 'DeleteService':
      return { service: serviceKeyText(operation.key) };
    case 'AddServer':
    case 'EditServer':
      return {
        service: serviceKeyText(operation.key),
        server: realServerKeyText(operation.server),
        after: { server: operation.server },
      };
    case 'DeleteServer':
      return { service: serviceKeyText(operation.key), server: realServerKeyText(operation.server) };
    case 'SetTimeouts':
      return { after: { timeouts: operation.timeouts } };
    case 'StartDaemon':
      return { daemon: operation.daemon.role, after: { daemon: operation.daemon } };
    case 'StopDaemon':
      return { daemon: operation.role };
    case 'SetSysctl':
      return { sysctl: operation.name, after: { sysctl: operation.value } };
    case 'ZeroStatistics':
    case 'Flush':
      return {};
  }
}
