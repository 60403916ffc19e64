import type { ProgramRunner } from '../../adapters/programs/index.js';
import { UserError } from '../../errors/index.js';

export interface ProgramFlags {
  /** The folder of the programs that may be run. */
  readonly execDir?: string;
  readonly execUser?: string;
}

export interface OpenedPrograms {
  readonly forChecks: ProgramRunner;
  /** Checks that hang do not hold up hooks. */
  readonly forHooks: ProgramRunner;
  /** Throws a `UserError` where this program would not be run. */
  require(name: string): Promise<void>;
}

const DEFAULT_USER = 'nobody';

/** What runs programs; `undefined` where the flags allow none. Throws a `UserError` where it cannot be done safely. */
export async function openPrograms({ execDir, execUser }: ProgramFlags): Promise<OpenedPrograms | undefined> {
  if (execDir === undefined) {
    if (execUser === undefined) return undefined;
    throw new UserError('--exec-user has no effect without --exec-dir');
  }
  // Most controllers do without.
  const programs = await import('../../adapters/programs/index.js');
  const account = await programs.findAccount(execUser ?? DEFAULT_USER);
  const folder = await programs.openProgramFolder(execDir);
  await programs.confinePrograms(account);
  return {
    forChecks: new programs.ProgramRunner({ folder, account }),
    forHooks: new programs.ProgramRunner({ folder, account, maximumRunning: 1 }),
    require: async (name) => {
      const program = await programs.findProgram(folder, name);
      if (program.kind === 'Refused') throw new UserError(program.reason);
    },
  };
}
