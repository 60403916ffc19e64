/**
 * Floor 4. A Kubernetes cluster: the API server's client, and what is followed and written there. It interprets nothing:
 * what an object means is for `desired` to say. Nothing outside this folder knows the client library, and nothing in it
 * is loaded unless a cluster was asked for.
 */
export { ApiError } from './api-error.js';
export { createApiClient } from './client.js';
export type { ApiClient, ApiRequest, WatchEvent } from './client.js';
export { ClusterReporter } from './cluster-reporter.js';
export type { ReporterNews } from './cluster-reporter.js';
export { createClusterSource } from './cluster-source.js';
export type { ClusterSource } from './cluster-source.js';
export { findCluster } from './cluster-config.js';
export type { ClusterConfigOptions } from './cluster-config.js';
export { DEFAULT_LEASE_TIMING } from './lease-elector.js';
export { SYSTEM_PACING } from './pacing.js';
