/**
 * Floor 3. Makes the kernel equal to what is wanted, through the ports alone: it knows neither netlink nor files, and
 * is the only one that writes to the kernel. Time is passed in. Failures of single operations are data in the report.
 */
export { converge } from './converge.js';
export type { ConvergeInput, ConvergeOptions, ConvergeProgress, ConvergeReport, Failure } from './converge-types.js';
