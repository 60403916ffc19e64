/**
 * Floor 0. What can go wrong, as types that callers match by code. Nothing here formats for a terminal, and nothing
 * here does I/O.
 */
export type { Issue, IssueReason, SourceLocation } from './issue.js';
export { isUncertain, KernelError, kernelErrorCode } from './kernel-error.js';
export type { KernelErrorCode } from './kernel-error.js';
export { UnsupportedError } from './unsupported-error.js';
export { UserError } from './user-error.js';
