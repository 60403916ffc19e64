import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { HttpCheck } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { PatternThread } from './pattern-thread.js';
import type { Matching } from './pattern-thread.js';
import type { Outcome } from './probe.js';
import { parseWeight } from './weight-text.js';

export const MAXIMUM_HEADER_BYTES = 16_384;
/** What is expected of the body's text has to be within so many bytes; without a digest what follows is not read. */
const MAXIMUM_TEXT_BYTES = 65_536;
/** The digest is that of the whole body, which may be as long as this. */
const MAXIMUM_BODY_BYTES = 1_048_576;
/** Answers such as "100 Continue" may come before the answer. */
const MAXIMUM_INTERIM_ANSWERS = 16;

const PASSED: Outcome = { code: 'L7OK', message: '' };
/** The patterns of others may have been in the way. */
const UNMATCHED: Outcome = { code: 'SOCKERR', message: 'this host could not match the pattern in time' };

/** Of all probes: one thread is enough, and does not take more than one core. */
const patterns = new PatternThread();

/** Heeds the weight that a server says in a header. One that is not there, or makes no sense, says nothing. */
export function heedWeight(
  attempt: Attempt,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  { weightHeader }: HttpCheck,
): void {
  const text = weightHeader === '' ? undefined : headers[weightHeader];
  const weight = typeof text === 'string' ? parseWeight(text) : undefined;
  if (weight !== undefined) attempt.advise({ weight });
}

/** Whether the status is the end already. */
export function judgeStatus(attempt: Attempt, status: number, check: HttpCheck): boolean {
  if (!check.statuses.some(({ first, last }) => first <= status && status <= last)) {
    attempt.finish({ code: 'L7STS', message: `status ${status}` });
    return true;
  }
  if (check.bodyText !== '' || check.bodyPattern !== '' || check.bodyDigest !== '') return false;
  attempt.finish(PASSED);
  return true;
}

/** Reads as much of the body as counts. That it breaks off is noticed by whoever reads the answer. */
export function judgeBody(attempt: Attempt, body: Readable, check: HttpCheck): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const hash = check.bodyDigest === '' ? undefined : createHash('sha256');
  const judge = (): void => {
    const text = Buffer.concat(chunks).subarray(0, MAXIMUM_TEXT_BYTES).toString();
    const isOther = hash !== undefined && hash.digest('hex') !== check.bodyDigest;
    if (isOther) attempt.finish(wrong('the body has another digest'));
    else judgeText(attempt, text, check);
  };
  body.on('data', (chunk: Buffer) => {
    if (attempt.isOver) return;
    if (length < MAXIMUM_TEXT_BYTES) chunks.push(chunk);
    length += chunk.length;
    hash?.update(chunk);
    if (hash === undefined && length >= MAXIMUM_TEXT_BYTES) judge();
    else if (length > MAXIMUM_BODY_BYTES) attempt.finish(wrong('the body is longer than 1 MiB'));
  });
  body.on('end', () => {
    if (!attempt.isOver) judge();
  });
  body.on('error', (error) => {
    attempt.fail(error);
  });
}

function judgeText(attempt: Attempt, body: string, { bodyText, bodyPattern }: HttpCheck): void {
  if (!body.includes(bodyText)) attempt.finish(wrong('the body does not contain what is expected'));
  else if (bodyPattern === '') attempt.finish(PASSED);
  else {
    attempt.lookInto(
      (end) =>
        patterns.match(body, bodyPattern, (matching) => {
          end(judgeMatching(matching));
        }),
      UNMATCHED,
    );
  }
}

function judgeMatching(matching: Matching): Outcome {
  switch (matching) {
    case 'Matches':
      return PASSED;
    case 'Differs':
      return wrong('the body does not match the pattern');
    case 'TooSlow':
      return wrong('matching the pattern with this body takes too long');
    case 'NotTried':
      return UNMATCHED;
  }
}

function wrong(message: string): Outcome {
  return { code: 'L7RSP', message };
}

/** Ends the attempt where a server only ever says that it is about to answer. */
export class InterimCount {
  readonly #attempt: Attempt;
  #count = 0;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
  }

  note(): void {
    if (++this.#count > MAXIMUM_INTERIM_ANSWERS) this.#attempt.finish(wrong('the server answers without end'));
  }
}
