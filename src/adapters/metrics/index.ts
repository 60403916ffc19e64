/**
 * Floor 4. The numbers of a running controller in the text format of Prometheus: its own work, and the traffic of the
 * kernel's services. Both are looked up when somebody asks. docs/running.md lists the names.
 */
export { createControllerMetrics } from './controller-metrics.js';
export type { ControllerMetrics } from './controller-metrics.js';
export { writeObjectMetrics } from './object-metrics.js';
export { writeTrafficMetrics } from './traffic-metrics.js';
