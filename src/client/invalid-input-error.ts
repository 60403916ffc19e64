import type { Issue } from '../errors/index.js';

/** A call was given something that no kernel could be asked for. The kernel was not asked, and nothing was changed. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  /** All faults of the input, each with its path: `persistence.timeoutSeconds`. At least one. */
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[]) {
    super(`${subject}: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
    this.issues = issues;
  }
}
