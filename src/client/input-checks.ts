import type { Issue, IssueReason } from '../errors/index.js';
import { canonicalAddress } from '../model/index.js';
import { InvalidInputError } from './invalid-input-error.js';

/**
 * Checks the fields of one input and gathers what is wrong. TypeScript knows the types, but JavaScript calls this too:
 * so every check takes anything, and gives a value that may be used only after `finish`.
 */
export class InputChecks {
  readonly #issues: Issue[] = [];

  report(path: string, reason: IssueReason, message: string): void {
    this.#issues.push({ path, reason, message });
  }

  /** Whether nothing was reported: only then do rules between fields say anything. */
  get isClean(): boolean {
    return this.#issues.length === 0;
  }

  /** Throws InvalidInputError if anything was reported; `subject` says of what: `real server`. */
  finish(subject: string): void {
    if (this.#issues.length > 0) throw new InvalidInputError(subject, this.#issues);
  }

  /** Fields that the input may have; any other one is a slip that would be ignored in silence. */
  fields(prefix: string, input: object, known: readonly string[]): void {
    for (const [name, value] of Object.entries(input)) {
      if (value === undefined || known.includes(name)) continue;
      this.report(prefix + name, 'UnknownField', `there is no such field; there are ${known.join(', ')}`);
    }
  }

  integer(path: string, value: unknown, minimum: number, maximum: number): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    this.#expected(path, `a whole number from ${minimum} to ${maximum}`, value);
    return minimum;
  }

  boolean(path: string, value: unknown): boolean {
    if (typeof value === 'boolean') return value;
    this.#expected(path, 'true or false', value);
    return false;
  }

  text(path: string, value: unknown, pattern: RegExp, expected: string): string {
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.#expected(path, expected, value);
    return '';
  }

  oneOf<T extends string>(path: string, value: unknown, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((word) => word === value);
    if (found !== undefined) return found;
    this.#expected(path, allowed.join(', '), value);
    return allowed[0];
  }

  /** In canonical text, whatever text it came as. */
  address(path: string, value: unknown): string {
    const address = typeof value === 'string' ? canonicalAddress(value) : undefined;
    if (address !== undefined) return address;
    this.#expected(path, 'an IPv4 or IPv6 address without a zone', value);
    return '0.0.0.0';
  }

  #expected(path: string, expected: string, value: unknown): void {
    if (value === undefined) this.report(path, 'Missing', `expected ${expected}, got nothing`);
    else this.report(path, 'InvalidValue', `expected ${expected}, got ${JSON.stringify(value)}`);
  }
}
