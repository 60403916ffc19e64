import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors/index.js';
import { loadNativeAddon } from '../native-addon.js';
import type { Account } from './account.js';

interface ForbiddingAddon {
  /** Returns an errno, 0 where it is so. */
  forbidNewPrivileges(): number;
}

/** To become another user without groups, and to kill what runs as that user: name and number of each capability. */
const NEEDED = [
  ['CAP_KILL', 5],
  ['CAP_SETGID', 6],
  ['CAP_SETUID', 7],
] as const;

/**
 * To be called once, before any program is run, and where they are run from: sees to it that they cannot gain privileges,
 * by programs such as sudo either. Throws a `UserError` where this process may not make them another user's.
 */
export async function confinePrograms({ name }: Account): Promise<void> {
  const missing = missingCapabilities(await readFile('/proc/self/status', 'utf8'));
  if (missing.length > 0) {
    throw new UserError(`programs cannot be run as ${name}: this process lacks ${missing.join(', ')}`, {
      hint: 'deploy/systemd/programs.conf has what a unit needs for it',
    });
  }
  const addon = loadNativeAddon() as ForbiddingAddon;
  const error = addon.forbidNewPrivileges();
  if (error !== 0) throw new UserError(`the kernel does not keep programs from gaining privileges: error ${error}`);
}

/** @param status as /proc/self/status has it */
export function missingCapabilities(status: string): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return NEEDED.filter(([, bit]) => (effective & (1n << BigInt(bit))) === 0n).map(([capability]) => capability);
}
