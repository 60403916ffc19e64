import { expect, test } from 'vitest';
import { failedOutcome } from '../../../src/adapters/probes/probe.js';

function outcomeOf(code: string): string {
  const outcome = failedOutcome('L4', Object.assign(new Error('it went wrong'), { code }));
  return `${outcome.code} ${outcome.message}`;
}

test.each([
  ['EADDRINUSE', 'SOCKERR this host has no free port or address'],
  ['EADDRNOTAVAIL', 'SOCKERR this host has no free port or address'],
  ['EAGAIN', 'SOCKERR this host has too much to send already'],
  ['EMFILE', 'SOCKERR this host has too many open files'],
  ['ENOBUFS', 'SOCKERR it went wrong'],
  ['ECONNREFUSED', 'L4CON connection refused'],
  ['EHOSTUNREACH', 'L4CON host unreachable'],
])('%s is %s', (code, outcome) => {
  expect(outcomeOf(code)).toBe(outcome);
});
