/**
 * Floor 1. What a person sees of an object in a cluster: from what is known of it on one node, that node's entry; from
 * the entries of all nodes, the conditions and the summary. Bounded texts, no counters, no times of probes. Nothing here
 * knows an API server, the documents' schema or a clock.
 */
export { MAXIMUM_DIRECTORS } from './bounds.js';
export type { Departing, ObjectFacts, Part, Pool, StandIn, Standing } from './facts.js';
export { describeOnNode, sameNodeState } from './node-state.js';
export type { NodeEntry, NodeState, ObjectReport } from './node-state.js';
export { concernOf } from './reasons.js';
export type { NodeReason } from './reasons.js';
export { sameObjectStatus, summariseStatus } from './object-status.js';
export type { Condition, ObjectStatus, StatusInput } from './object-status.js';
export type { Summary, SummarisedSpec } from './summary.js';
