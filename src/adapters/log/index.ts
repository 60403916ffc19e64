/**
 * Floor 4. The log of a program that runs for long: one line for each entry, as text for people or as JSON for programs.
 * It decides nothing about what is worth a line.
 */
export { createLog } from './log.js';
export type { Log, LogFields, LogFormat } from './log.js';
