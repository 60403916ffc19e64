/**
 * Floor 4. Files, folders and standard input as texts with names. It neither parses nor interprets them: that is
 * `desired`. Whatever is wrong with an input is an Issue that names it.
 */
export { readInputs } from './read-inputs.js';
export type { InputResult, ReadInputsOptions } from './read-inputs.js';
