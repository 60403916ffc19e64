import type { z } from 'zod';
import type { IssueReason } from '../errors/index.js';
import type { DeclaredDocument, Path } from './declared.js';
import { pathText } from './faults.js';
import type { Fault } from './faults.js';
import { directorSchema } from './schema/director.js';
import { MESSAGE_SEPARATOR } from './schema/fields.js';
import { API_GROUP, MAXIMUM_FAULTS } from './schema/limits.js';
import { virtualServiceSchema } from './schema/virtual-service.js';

/**
 * What is wrong with a value that the generated checker refused, by the schema itself. Loaded only then. Empty where the
 * schema takes the value, which it decides: the checker is derived from it. Where there are more than `MAXIMUM_FAULTS`,
 * not all are there, but more than so many.
 */
export function explainFaults(kind: DeclaredDocument['kind'], value: unknown): readonly Fault[] {
  const schema = kind === 'VirtualService' ? virtualServiceSchema : directorSchema;
  const issues = issuesOf(schema, value);
  if (issues === 'TooMany')
    return [{ path: [], reason: 'InvalidValue', message: 'more faults than can be told apart' }];
  const faults = withoutRepetition(issues.flatMap(explainIssue));
  const foreign = faults.filter((fault) => pathText(fault.path) === 'apiVersion' && isOfAnotherGroup(value));
  return foreign.length > 0 ? foreign : faults;
}

/** None where the schema takes the value. */
function issuesOf(schema: z.ZodType, value: unknown): readonly z.core.$ZodIssue[] | 'TooMany' {
  try {
    return schema.safeParse(value, { reportInput: true }).error?.issues ?? [];
  } catch (error) {
    // zod hands the faults of a list's element on as the arguments of one call, and 120,000 do not fit on the stack.
    if (error instanceof RangeError) return 'TooMany';
    throw error;
  }
}

/** An object of another API that shares the kind's name: the rest of it makes no sense as one of ours. */
function isOfAnotherGroup(value: unknown): boolean {
  const version = (value as { apiVersion?: unknown }).apiVersion;
  return typeof version === 'string' && !version.startsWith(`${API_GROUP}/`);
}

function explainIssue(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.filter((segment): segment is string | number => typeof segment !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const messages = issue.message.split(MESSAGE_SEPARATOR);
      return issue.keys.slice(0, MAXIMUM_FAULTS + 1).map((key, i) => ({
        path: [...path, key],
        reason: 'UnknownField',
        message: messages[i] ?? 'unknown field',
        atKey: true,
      }));
    }
    case 'invalid_key':
      return [{ path, reason: 'InvalidValue', message: issue.issues[0]?.message ?? issue.message, atKey: true }];
    default:
      if (issue.input === undefined) return [missing(path, issue.message)];
      return [{ path, reason: reasonOf(issue), message: issue.message }];
  }
}

function missing(path: Path, message: string): Fault {
  return { path, reason: 'Missing', message: `missing: ${message.replace(/, found nothing$/, '')}` };
}

function reasonOf(issue: z.core.$ZodIssue): IssueReason {
  if (issue.code === 'invalid_type') return 'WrongType';
  return issue.code === 'invalid_value' && typeof issue.input !== 'string' ? 'WrongType' : 'InvalidValue';
}

/** One value can fail several tests of one schema; the first says enough. */
function withoutRepetition(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const text = pathText(fault.path);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
