import type {
  ChecksumKind,
  ForwardingMethod,
  OperationKind,
  Protocol,
  SyncRole,
  TunnelType,
} from '../../model/index.js';

/** The numbers of linux/ip_vs.h and of protocols for what the model has words for. */

/** IPVS_CMD_*. */
export const COMMANDS: Readonly<Record<Exclude<OperationKind, 'SetSysctl'>, number>> = {
  AddService: 1,
  EditService: 2,
  DeleteService: 3,
  AddServer: 5,
  EditServer: 6,
  DeleteServer: 7,
  StartDaemon: 9,
  StopDaemon: 10,
  SetTimeouts: 12,
  ZeroStatistics: 16,
  Flush: 17,
};

export const PROTOCOL_NUMBERS: Readonly<Record<Protocol, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** IP_VS_CONN_F_MASQ and so on. */
export const FORWARDING_NUMBERS: Readonly<Record<ForwardingMethod, number>> = {
  Masquerade: 0,
  Local: 1,
  Tunnel: 2,
  DirectRouting: 3,
  Bypass: 4,
};

/** IP_VS_CONN_F_TUNNEL_TYPE_*. */
export const TUNNEL_NUMBERS: Readonly<Record<TunnelType, number>> = { IPIP: 0, GUE: 1, GRE: 2 };

/** IP_VS_TUNNEL_ENCAP_FLAG_*. */
export const GUE_FLAGS: Readonly<Record<ChecksumKind, number>> = { None: 0, Standard: 1, Remote: 2 };
export const GRE_FLAGS: Readonly<Record<'None' | 'Standard', number>> = { None: 0, Standard: 1 };

/** IP_VS_STATE_*. */
export const ROLE_NUMBERS: Readonly<Record<SyncRole, number>> = { Master: 1, Backup: 2 };

/** IP_VS_SVC_F_*. The three scheduler flags lie side by side. */
export const SERVICE_FLAGS = { persistent: 1, onePacket: 4, schedulerShift: 3, schedulerMask: 7 } as const;

/** The words by number; numbers without a word have none. */
export function wordsByNumber<Word extends string>(
  numbers: Readonly<Record<Word, number>>,
): readonly (Word | undefined)[] {
  const words: (Word | undefined)[] = [];
  for (const word in numbers) words[numbers[word]] = word;
  return words;
}
