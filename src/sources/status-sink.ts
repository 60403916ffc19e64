import type { ObjectReport } from '../status/index.js';

/** Where people look for what became of the objects that they declared. */
export interface StatusSink {
  /**
   * How these objects are on this node now; objects that are not named are as they were told. The latest report of an
   * object counts. Objects that the sink does not know of are passed over. Cheap, and never fails.
   */
  report(reports: readonly ObjectReport[]): void;
}
