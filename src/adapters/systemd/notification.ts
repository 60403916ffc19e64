import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface NotifyingAddon {
  /** Returns an errno, 0 where it was sent. */
  sendNotification(address: string, message: string): number;
}

/** The addon as it was built. */
const ADDON_PATH = 'build/Release/ipvs.node';

/** Sends a datagram to a Unix socket, `@NAME` for one in the abstract namespace. Returns whether it was sent. */
export function sendNotification(address: string, message: string): boolean {
  const require = createRequire(import.meta.url);
  const addon = require(join(dirname(require.resolve('ipvs-operator/package.json')), ADDON_PATH)) as NotifyingAddon;
  return addon.sendNotification(address, message) === 0;
}
