import type { ForwardingMethod, Protocol, SyncRole } from '../../model/index.js';

/** The kernel's numbers for what the model has words for. */

export const PROTOCOL_NUMBERS: Readonly<Record<Protocol, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** IP_VS_CONN_F_MASQ and so on. */
export const FORWARDING_NUMBERS: Readonly<Record<ForwardingMethod, number>> = {
  Masquerade: 0,
  Local: 1,
  Tunnel: 2,
  DirectRouting: 3,
  Bypass: 4,
};

/** IP_VS_STATE_*. */
export const ROLE_NUMBERS: Readonly<Record<SyncRole, number>> = { Master: 1, Backup: 2 };

/** The word for a number; `undefined` where there is none. */
export function wordOf<Word extends string>(numbers: Readonly<Record<Word, number>>, number: number): Word | undefined {
  for (const word in numbers) if (numbers[word] === number) return word;
  return undefined;
}
