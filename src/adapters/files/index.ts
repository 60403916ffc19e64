/**
 * Floor 4. Files, folders and standard input: as texts with names, for commands that read once, and as a source that
 * follows them. It interprets nothing: what a text means is for `desired` to say. Whatever is wrong with an input is an
 * Issue that names it.
 */
export { createFileSource } from './file-source.js';
export type { FileSourceOptions } from './file-source.js';
export { MAXIMUM_INPUT_BYTES } from './input-text.js';
export type { InputResult } from './input-text.js';
export { readInputs } from './read-inputs.js';
export type { ReadInputsOptions } from './read-inputs.js';
