import type { Account } from './account.js';
import { findProgram } from './program-folder.js';
import type { ProgramFolder } from './program-folder.js';
import { startProcess } from './program-process.js';
import type { ProcessEnd } from './program-process.js';

/** Programs that run at once: each costs this host a process or more. */
const MAXIMUM_RUNNING = 32;

export interface ProgramRequest {
  /** Its path below the folder. */
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads from its standard input; empty: nothing. */
  readonly text: string;
}

export type ProgramEnd = ProcessEnd;

export interface RunningProgram {
  /** How long it waited for others, until now or its turn. */
  readonly waitedMilliseconds: number;
  /** Kills it with its children, or takes it from those that wait. It tells nothing then. */
  stop(): void;
}

export interface RunnerInput {
  readonly folder: ProgramFolder;
  readonly account: Account;
  readonly maximumRunning?: number;
}

/** Runs programs of one folder as one user. Beyond the maximum they wait for each other, in the order in which they came. */
export class ProgramRunner {
  readonly #input: RunnerInput;
  readonly #waiting = new Set<Run>();
  #running = 0;

  constructor(input: RunnerInput) {
    this.#input = input;
  }

  /** `end` is called once, never during the call, and not after `stop`. */
  run(request: ProgramRequest, end: (end: ProgramEnd) => void): RunningProgram {
    const run = new Run(this.#input, request, end, () => {
      this.#free(run);
    });
    this.#waiting.add(run);
    this.#startNext();
    return run;
  }

  #startNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#running >= (this.#input.maximumRunning ?? MAXIMUM_RUNNING)) return;
    this.#waiting.delete(next);
    this.#running++;
    next.begin();
  }

  #free(run: Run): void {
    if (this.#waiting.delete(run)) return;
    this.#running--;
    this.#startNext();
  }
}

class Run implements RunningProgram {
  readonly #input: RunnerInput;
  readonly #request: ProgramRequest;
  readonly #end: (end: ProgramEnd) => void;
  readonly #free: () => void;
  readonly #asked = performance.now();
  #begun: number | undefined;
  #isOver = false;
  #kill: () => void = () => undefined;

  constructor(input: RunnerInput, request: ProgramRequest, end: (end: ProgramEnd) => void, free: () => void) {
    this.#input = input;
    this.#request = request;
    this.#end = end;
    this.#free = free;
  }

  get waitedMilliseconds(): number {
    return (this.#begun ?? performance.now()) - this.#asked;
  }

  begin(): void {
    this.#begun = performance.now();
    void this.#start();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#kill();
    this.#free();
  }

  async #start(): Promise<void> {
    const { folder, account } = this.#input;
    const { name, args, environment, text } = this.#request;
    const program = await findProgram(folder, name);
    if (this.#isOver) return;
    if (program.kind === 'Refused') {
      this.#settle({ kind: 'NotStarted', reason: program.reason });
      return;
    }
    this.#kill = startProcess({ path: program.path, args, environment, text, account }, (end) => {
      this.#settle(end);
    });
  }

  #settle(end: ProgramEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#free();
    this.#end(end);
  }
}
