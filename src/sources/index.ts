/**
 * Floor 2. The port that documents come through. Sources read and follow; they do not decide what is wanted, and they
 * know nothing of the kernel. No I/O here.
 */
export type { UnitChange } from '../desired/index.js';
export type { Source, SourceListener, SourceState } from './source.js';
