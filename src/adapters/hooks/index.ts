/**
 * Floor 4. Tells a program or a web server what becomes of servers and services, as keepalived's notify scripts are told.
 * Nobody waits for them: what they do not take in time is lost, and counted.
 */
export { runHookCommand } from './command.js';
export { hookEventsOf } from './hook-event.js';
export type { HookEvent } from './hook-event.js';
export { HookQueue } from './hook-queue.js';
export type { Delivery, HookNews } from './hook-queue.js';
export { postHookEvents } from './webhook.js';
