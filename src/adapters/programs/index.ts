/**
 * Floor 4. Runs programs of one folder, as a user that may do nothing, for checks and hooks: never through a shell, never
 * for longer than they may, never more of them at once than a number. What to make of their ends is decided elsewhere.
 */
export { findAccount } from './account.js';
export { confinePrograms } from './confinement.js';
export { findProgram, openProgramFolder } from './program-folder.js';
export { ProgramRunner } from './program-runner.js';
export type { ProgramEnd, ProgramRequest } from './program-runner.js';
