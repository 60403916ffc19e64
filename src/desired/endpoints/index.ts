/**
 * The servers behind a Service of a cluster, from its endpoint slices: what of a slice matters, and which servers an
 * object gets of it. Pure; who watches slices is in `adapters/kubernetes`.
 */
export { readEndpointSlice } from './endpoint-slice.js';
export type { EndpointSlice } from './endpoint-slice.js';
export { withFoundServers } from './found-servers.js';
