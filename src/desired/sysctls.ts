import { RULE } from './schema/rule-texts.js';
import { listChoices, quote, suggest } from './texts.js';

/**
 * The sysctls below net.ipv4.vs of Linux 6.1 to 7.2, and what each takes. Left out are debug_level, which few kernels
 * have, and est_cpulist, which the kernel reads back in another form than it was written in.
 */

type Range = readonly [minimum: number, maximum: number];
export type SysctlKind = Range | 'PowerOfTwo' | 'ThresholdAndPeriod';

const INT_MAX = 2_147_483_647;
const BOOLEAN: Range = [0, 1];
/** 0 off, 1 automatic and idle, 2 automatic and at work, 3 always. */
const DEFENSE: Range = [0, 3];
const NATURAL: Range = [0, INT_MAX];
const LOAD_FACTOR: Range = [-8, 8];

export const SYSCTLS: ReadonlyMap<string, SysctlKind> = new Map<string, SysctlKind>([
  ['am_droprate', [1, INT_MAX]],
  ['amemthresh', NATURAL],
  ['backup_only', BOOLEAN],
  ['cache_bypass', BOOLEAN],
  ['conn_lfactor', LOAD_FACTOR],
  ['conn_reuse_mode', [0, 3]],
  ['conntrack', BOOLEAN],
  ['drop_entry', DEFENSE],
  ['drop_packet', DEFENSE],
  ['est_nice', [-20, 19]],
  ['expire_nodest_conn', BOOLEAN],
  ['expire_quiescent_template', BOOLEAN],
  ['ignore_tunneled', BOOLEAN],
  ['lblc_expiration', NATURAL],
  ['lblcr_expiration', NATURAL],
  ['nat_icmp_send', BOOLEAN],
  ['pmtu_disc', BOOLEAN],
  ['run_estimation', BOOLEAN],
  ['schedule_icmp', BOOLEAN],
  ['secure_tcp', DEFENSE],
  ['sloppy_sctp', BOOLEAN],
  ['sloppy_tcp', BOOLEAN],
  ['snat_reroute', BOOLEAN],
  ['svc_lfactor', LOAD_FACTOR],
  ['sync_persist_mode', BOOLEAN],
  ['sync_ports', 'PowerOfTwo'],
  ['sync_qlen_max', [1, INT_MAX]],
  ['sync_refresh_period', NATURAL],
  ['sync_retries', [0, 3]],
  ['sync_sock_size', NATURAL],
  ['sync_threshold', 'ThresholdAndPeriod'],
  ['sync_version', BOOLEAN],
]);

const SYSCTL_NAMES: readonly string[] = [...SYSCTLS.keys()];

export const INTEGER_PATTERN = '^(0|-?[1-9][0-9]{0,9})$';
export const THRESHOLD_AND_PERIOD_PATTERN = '^([0-9]{1,9})[ \\t]([0-9]{1,9})$';
/** What sync_ports takes. */
export const POWERS_OF_TWO = [1, 2, 4, 8, 16, 32, 64];

export interface BadSysctl {
  /** Whether the name is what is wrong, not the value. */
  readonly isUnknown: boolean;
  readonly message: string;
}

/** What is wrong with a sysctl; `undefined` where it is right. */
export function describeBadSysctl(name: string, text: string): BadSysctl | undefined {
  const kind = SYSCTLS.get(name);
  if (kind === undefined) return { isUnknown: true, message: `${RULE.knownSysctls}${suggest(name, SYSCTL_NAMES)}` };
  return isTaken(kind, text)
    ? undefined
    : { isUnknown: false, message: `expected ${expectedText(kind)}, found ${quote(text)}` };
}

/** What such a sysctl takes, in words. */
export function expectedText(kind: SysctlKind): string {
  if (kind === 'ThresholdAndPeriod') return 'a threshold and a larger period, such as "3 50"';
  if (kind === 'PowerOfTwo') return listChoices(POWERS_OF_TWO.map((power) => `"${power}"`));
  const [minimum, maximum] = kind;
  return `a whole number from ${minimum} to ${maximum}, in quotes`;
}

function isTaken(kind: SysctlKind, text: string): boolean {
  if (kind === 'ThresholdAndPeriod') {
    const [, threshold, period] = new RegExp(THRESHOLD_AND_PERIOD_PATTERN).exec(text) ?? [];
    return period !== undefined && (Number(threshold) < Number(period) || Number(period) === 0);
  }
  const value = new RegExp(INTEGER_PATTERN).test(text) ? Number(text) : Number.NaN;
  if (kind === 'PowerOfTwo') return POWERS_OF_TWO.includes(value);
  const [minimum, maximum] = kind;
  return value >= minimum && value <= maximum;
}

/** The text as the kernel shows it: vectors are separated by tabs. */
export function sysctlAsRead(text: string): string {
  return text.replace(' ', '\t');
}
