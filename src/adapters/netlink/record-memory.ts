import { NAME_SIZE } from './record-layout.js';

/**
 * The memory of records, in host order like all that stays within one process. Every number lies at a multiple of its
 * size. Typed arrays, because a DataView costs a call for each field, which counts before the code is hot: a table has a
 * million fields.
 */
export interface RecordMemory {
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Uint32Array;
}

export function recordMemory(buffer: ArrayBuffer): RecordMemory {
  return { bytes: new Uint8Array(buffer), halves: new Uint16Array(buffer), words: new Uint32Array(buffer) };
}

export function byteAt({ bytes }: RecordMemory, at: number): number {
  return bytes[at] ?? 0;
}

export function halfAt({ halves }: RecordMemory, at: number): number {
  return halves[at >> 1] ?? 0;
}

export function wordAt({ words }: RecordMemory, at: number): number {
  return words[at >> 2] ?? 0;
}

/** The text of a name up to its closing NUL. */
export function readName({ bytes }: RecordMemory, at: number): string {
  let text = '';
  for (let i = at; i < at + NAME_SIZE; i++) {
    const character = bytes[i] ?? 0;
    if (character === 0) break;
    text += String.fromCharCode(character);
  }
  return text;
}
