import { createRequire } from 'node:module';

interface NotifyingAddon {
  /** Returns an errno, 0 where it was sent. */
  sendNotification(address: string, message: string): number;
}

// Both src/adapters/systemd and dist/adapters/systemd are three folders below the package.
const ADDON_PATH = '../../../build/Release/ipvs.node';

/** Sends a datagram to a Unix socket, `@NAME` for one in the abstract namespace. Returns whether it was sent. */
export function sendNotification(address: string, message: string): boolean {
  const addon = createRequire(import.meta.url)(ADDON_PATH) as NotifyingAddon;
  return addon.sendNotification(address, message) === 0;
}
