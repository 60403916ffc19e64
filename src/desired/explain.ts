import type { z } from 'zod';
import type { IssueReason } from '../errors/index.js';
import type { DeclaredDocument, Path } from './declared.js';
import { pathText } from './faults.js';
import type { Fault } from './faults.js';
import { directorSchema } from './schema/director.js';
import { MESSAGE_SEPARATOR } from './schema/fields.js';
import { API_GROUP } from './schema/limits.js';
import { virtualServiceSchema } from './schema/virtual-service.js';

/**
 * What is wrong with a value that the generated checker refused, by the schema itself. Loaded only then. Empty where the
 * schema takes the value, which it decides: the checker is derived from it.
 */
export function explainFaults(kind: DeclaredDocument['kind'], value: unknown): readonly Fault[] {
  const schema = kind === 'VirtualService' ? virtualServiceSchema : directorSchema;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return [];
  const faults = withoutRepetition(result.error.issues.flatMap(explainIssue));
  const foreign = faults.filter((fault) => pathText(fault.path) === 'apiVersion' && isOfAnotherGroup(value));
  return foreign.length > 0 ? foreign : faults;
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
      return issue.keys.map((key, i) => ({
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
