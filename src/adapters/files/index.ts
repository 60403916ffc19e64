/**
 * Floor 4. Files, folders and standard input as texts with names. It neither parses nor interprets them: that is
 * `desired`. Whatever is wrong with an input is an Issue that names it.
 */
export { MAXIMUM_INPUT_BYTES } from './input-text.js';
export type { InputResult } from './input-text.js';
export { readInputs } from './read-inputs.js';
export type { ReadInputsOptions } from './read-inputs.js';
