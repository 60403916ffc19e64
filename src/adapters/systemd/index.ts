/**
 * Floor 4. What the service manager is told: that the service is ready, reloads, stops and lives. Where there is no
 * service manager it says nothing to nobody. It decides nothing about when to say what.
 */
export { createServiceManager } from './service-manager.js';
export type { ServiceManager } from './service-manager.js';
