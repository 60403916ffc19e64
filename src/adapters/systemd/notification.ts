import { loadNativeAddon } from '../native-addon.js';

interface NotifyingAddon {
  /** Returns an errno, 0 where it was sent. */
  sendNotification(address: string, message: string): number;
}

/** Sends a datagram to a Unix socket, `@NAME` for one in the abstract namespace. Returns whether it was sent. */
export function sendNotification(address: string, message: string): boolean {
  const addon = loadNativeAddon() as NotifyingAddon;
  return addon.sendNotification(address, message) === 0;
}
