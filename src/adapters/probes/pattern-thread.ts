import { Worker } from 'node:worker_threads';

/** `NotTried`: this host could not. */
export type Matching = 'Matches' | 'Differs' | 'TooSlow' | 'NotTried';

interface Request {
  readonly text: string;
  readonly pattern: string;
  readonly end: (matching: Matching) => void;
  /** Whether it took too long once: that is measured by the clock, and this host may have had other things to do. */
  wasSlow: boolean;
}

const MATCH_MILLISECONDS = 50;
/** Of more, those that were slow first may hold up others once more. */
const KNOWN_SLOW_PATTERNS = 1000;
const MEMORY_MEGABYTES = 64;

/** A context of its own is the only way to have a match end in time. Whatever it throws, it would have been too much. */
const PROGRAM = `
  const { parentPort } = require('node:worker_threads');
  const { createContext, Script } = require('node:vm');
  const context = createContext({ text: '', pattern: '' });
  const script = new Script('new RegExp(pattern).test(text)');
  parentPort.on('message', ({ text, pattern }) => {
    context.text = text;
    context.pattern = pattern;
    let matching = 'TooSlow';
    try {
      matching = script.runInContext(context, { timeout: ${MATCH_MILLISECONDS} }) ? 'Matches' : 'Differs';
    } catch {}
    parentPort.postMessage(matching);
  });
`;

/**
 * Matches texts with patterns in a thread of its own, which begins with the first of them: both may come from anybody, and
 * some patterns take for ever on some texts. What takes too long is tried once more, after all others, as everything is
 * from then on whose pattern was too slow twice.
 */
export class PatternThread {
  readonly #waiting = new Set<Request>();
  readonly #waitingSlow = new Set<Request>();
  readonly #slowPatterns = new Set<string>();
  #thread: Worker | undefined;
  #current: Request | undefined;
  #isGivenUp = false;

  /**
   * `end` is called once, never during the call, unless the match is given up before.
   *
   * @returns what gives it up
   */
  match(text: string, pattern: string, end: (matching: Matching) => void): () => void {
    const request: Request = { text, pattern, end, wasSlow: false };
    (this.#slowPatterns.has(pattern) ? this.#waitingSlow : this.#waiting).add(request);
    this.#startNext();
    return () => {
      this.#waiting.delete(request);
      this.#waitingSlow.delete(request);
      if (this.#current === request) this.#isGivenUp = true;
    };
  }

  #startNext(): void {
    if (this.#current !== undefined) return;
    const queue = this.#waiting.size > 0 ? this.#waiting : this.#waitingSlow;
    const [next] = queue;
    if (next === undefined) return;
    queue.delete(next);
    this.#current = next;
    this.#isGivenUp = false;
    this.#thread ??= this.#startThread();
    const { text, pattern } = next;
    this.#thread.postMessage({ text, pattern });
  }

  #startThread(): Worker {
    const thread = new Worker(PROGRAM, {
      eval: true,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES },
    });
    thread.on('message', (matching: Matching) => {
      this.#settle(matching);
    });
    // It ends with that, and what it was at with it.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.#thread = undefined;
      this.#settle('NotTried');
    });
    thread.unref();
    return thread;
  }

  #settle(matching: Matching): void {
    const request = this.#current;
    this.#current = undefined;
    if (request !== undefined) this.#note(request, matching);
    this.#startNext();
  }

  #note(request: Request, matching: Matching): void {
    if (matching === 'TooSlow' && !request.wasSlow) {
      request.wasSlow = true;
      if (!this.#isGivenUp) this.#waitingSlow.add(request);
      return;
    }
    if (matching === 'TooSlow' || matching === 'NotTried') this.#noteSlow(request.pattern);
    if (!this.#isGivenUp) request.end(matching);
  }

  #noteSlow(pattern: string): void {
    this.#slowPatterns.add(pattern);
    const [first = pattern] = this.#slowPatterns;
    if (this.#slowPatterns.size > KNOWN_SLOW_PATTERNS) this.#slowPatterns.delete(first);
  }
}
