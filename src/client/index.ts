/**
 * Floor 3. The client for programmers: IPVS as objects with friendly inputs, on any `IpvsKernel`. It checks what it is
 * given, fills in defaults and throws where one operation failed. It keeps no copy of the kernel's state and decides
 * nothing; ports only.
 */
export { Ipvs } from './ipvs.js';
export { IpvsService } from './ipvs-service.js';
export { IpvsServer } from './ipvs-server.js';
export { InvalidInputError } from './invalid-input-error.js';
export { serverFromInput } from './server-input.js';
export type { ServerInput, ServerKeyInput, ServerSettingsInput } from './server-input.js';
export { serviceFromInput } from './service-input.js';
export type { PersistenceInput, ServiceInput, ServiceSettingsInput } from './service-input.js';
export { serviceKeyFromInput } from './service-key-input.js';
export type { ServiceKeyInput } from './service-key-input.js';
