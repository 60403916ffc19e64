/**
 * Floor 4. The real `IpvsKernel`: one network namespace's IPVS over generic netlink, through the native addon. Turns the
 * model into packed records and back, and errnos into errors. It decides nothing: what to write is the plan's business.
 */
export { openIpvsKernel } from './netlink-kernel.js';
