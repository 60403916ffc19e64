import type { KernelError } from '../errors/index.js';
import { parseServiceKeyText, subjectOf } from '../model/index.js';
import type { OperationKind } from '../model/index.js';
import type { Change, PlanProblem } from '../plan/index.js';
import type { ConvergeReport } from './converge-types.js';

/** What the kernel refused of one key. */
export interface KeyFailure {
  readonly object: string | undefined;
  readonly operation: OperationKind;
  readonly error: KernelError;
}

/** What the last look at each key found that is not as it should be. */
export class Findings {
  /** By `subjectOf`. */
  readonly failures = new Map<string, KeyFailure>();
  readonly problems = new Map<string, PlanProblem>();
  readonly heldBack = new Set<string>();
  readonly deferred = new Set<string>();
  /** Held back once, and let go by a person. */
  readonly approved = new Set<string>();
  readonly drift = new Map<OperationKind, number>();

  /**
   * @param scope the keys that were looked at; `undefined` for all
   * @param approved the keys that might go
   */
  take(report: ConvergeReport, scope: ReadonlySet<string> | undefined, approved: ReadonlySet<string>): void {
    for (const findings of [this.failures, this.problems, this.heldBack, this.deferred]) forgetWithin(findings, scope);
    for (const { change, error } of report.failures) {
      const key = subjectOf(change.operation);
      if (this.failures.has(key)) continue;
      this.failures.set(key, { object: change.object, operation: change.operation.kind, error });
    }
    for (const problem of report.problems) this.#takeProblem(problem);
    if (scope === undefined && this.deferred.size === 0) for (const key of approved) this.approved.delete(key);
  }

  /** Whether something was known to be wrong with the key, so that a change of it is no surprise. */
  isKnown(key: string): boolean {
    return (
      this.failures.has(key) ||
      this.problems.has(key) ||
      this.heldBack.has(key) ||
      this.deferred.has(key) ||
      this.approved.has(key)
    );
  }

  countDrift(changes: readonly Change[]): void {
    for (const { operation } of changes) this.drift.set(operation.kind, (this.drift.get(operation.kind) ?? 0) + 1);
  }

  #takeProblem(problem: PlanProblem): void {
    switch (problem.kind) {
      case 'ForeignService':
        this.problems.set(problem.key, problem);
        return;
      case 'UnknownSysctl':
        this.problems.set(`sysctl ${problem.name}`, problem);
        return;
      case 'EmptySet':
        this.problems.set(`set ${problem.set}`, problem);
        return;
      case 'RemovalsHeldBack':
        for (const key of problem.keys) this.heldBack.add(key);
        return;
      case 'RemovalsDeferred':
        for (const key of problem.keys) this.deferred.add(key);
        return;
    }
  }
}

function forgetWithin(
  findings: { delete(key: string): boolean; clear(): void },
  scope: ReadonlySet<string> | undefined,
): void {
  if (scope === undefined) findings.clear();
  else for (const key of scope) findings.delete(key);
}

/** Whether a subject is a service, and not something of the director as a whole. */
export function isServiceSubject(subject: string): boolean {
  return parseServiceKeyText(subject) !== undefined;
}
