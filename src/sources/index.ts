/**
 * Floor 2. The port that documents come through. Sources read and follow; they do not decide what is wanted, and they
 * know nothing of the kernel. No I/O here.
 */
export type { Source, SourceListener, SourceState, UnitChange } from './source.js';
