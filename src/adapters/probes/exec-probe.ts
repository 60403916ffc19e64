import type { Target } from '../../health/index.js';
import type { ExecCheck } from '../../model/index.js';
import { readable } from './probe.js';
import type { Outcome, RunningProbe } from './probe.js';

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'Exited'; readonly code: number; readonly lastLine: string }
  | { readonly kind: 'Signalled'; readonly signal: string; readonly lastLine: string }
  | { readonly kind: 'NotStarted'; readonly reason: string };

export interface RunningProgram {
  /** How long it waited for others. */
  readonly waitedMilliseconds: number;
  stop(): void;
}

/** What runs the programs of this host. `end` is called once, never during the call, and not after `stop`. */
export interface Programs {
  run(
    request: {
      readonly name: string;
      readonly args: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly text: string;
    },
    end: (end: ProgramEnd) => void,
  ): RunningProgram;
}

/** Of a host that runs none. */
export const NO_PROGRAMS: Programs = {
  run: (_, end) => {
    const waiting = setImmediate(end, { kind: 'NotStarted', reason: 'this controller runs no programs' });
    return {
      waitedMilliseconds: 0,
      stop: () => {
        clearImmediate(waiting);
      },
    };
  },
};

/** keepalived has it so: from this code on, the code says a weight. */
const FIRST_WEIGHT_CODE = 2;

/** A program that waited for others for more of its time than this did not have the time that it was promised. */
const TOLERATED_WAIT = 0.05;

/** Runs a program, which says by its exit code how the server is. */
export function startExecProbe(
  target: Target,
  { command, environment }: ExecCheck,
  programs: Programs,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const [name = '', ...args] = command;
  const own = Object.fromEntries(environment.map((variable) => [variable.name, variable.value]));
  const request = { name, args, environment: { ...own, ...factsOf(target) }, text: '' };
  const program = programs.run(request, (result) => {
    end(judgeEnd(result));
  });
  return {
    expire: () => {
      program.stop();
      const isLate = program.waitedMilliseconds > target.check.timeoutMilliseconds * TOLERATED_WAIT;
      if (isLate) return { code: 'SOCKERR', message: 'this host has too many programs to run at once' };
      return { code: 'PROCTOUT', message: 'the program did not end in time, and was killed' };
    },
  };
}

/** A program opens its sockets itself: where it is to ask from, and with which mark, it can only be told. */
function factsOf({ address, port, check }: Target): Readonly<Record<string, string>> {
  const { timeoutMilliseconds, sourceAddress, firewallMark } = check;
  return {
    IPVS_ADDRESS: address,
    IPVS_PORT: String(port),
    IPVS_TIMEOUT_SECONDS: String(timeoutMilliseconds / 1000),
    ...(sourceAddress === null ? {} : { IPVS_SOURCE_ADDRESS: sourceAddress }),
    ...(firewallMark === null ? {} : { IPVS_FIREWALL_MARK: String(firewallMark) }),
  };
}

function judgeEnd(end: ProgramEnd): Outcome {
  switch (end.kind) {
    case 'NotStarted':
      // That says something about this host, and nothing about the server.
      return { code: 'PROCERR', message: readable(end.reason), isInconclusive: true };
    case 'Signalled':
      return { code: 'PROCERR', message: `the program was killed by ${end.signal}` };
    case 'Exited':
      return judgeCode(end.code, end.lastLine);
  }
}

function judgeCode(code: number, lastLine: string): Outcome {
  if (code === 0) return { code: 'PROCOK', message: '' };
  if (code < FIRST_WEIGHT_CODE) return { code: 'PROCERR', message: lastLine === '' ? `exit code ${code}` : lastLine };
  return {
    code: 'PROCOK',
    message: '',
    advice: { weight: { kind: 'Absolute', weight: code - FIRST_WEIGHT_CODE } },
  };
}
