import { RULE } from './schema/rule-texts.js';
import { listChoices, quote, suggest } from './texts.js';

/**
 * The sysctls below net.ipv4.vs of Linux 6.1 to 7.2, and what each takes. Left out are debug_level, which few kernels
 * have, and est_cpulist, which the kernel reads back in another form than it was written in.
 */

type Range = readonly [minimum: number, maximum: number];
type SysctlKind = Range | 'PowerOfTwo' | 'ThresholdAndPeriod';

const INT_MAX = 2_147_483_647;
const BOOLEAN: Range = [0, 1];
/** 0 off, 1 automatic and idle, 2 automatic and at work, 3 always. */
const DEFENSE: Range = [0, 3];
const NATURAL: Range = [0, INT_MAX];
const LOAD_FACTOR: Range = [-8, 8];

const SYSCTLS: ReadonlyMap<string, SysctlKind> = new Map<string, SysctlKind>([
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

export const SYSCTL_NAMES: readonly string[] = [...SYSCTLS.keys()];

const INTEGER = '0|-?[1-9][0-9]{0,9}';
const MAXIMUM_SYNC_PORTS = 64;

export interface BadSysctl {
  /** Whether the name is what is wrong, not the value. */
  readonly isUnknown: boolean;
  readonly message: string;
}

/** What is wrong with a sysctl; `undefined` where it is right. */
export function describeBadSysctl(name: string, text: string): BadSysctl | undefined {
  const kind = SYSCTLS.get(name);
  if (kind === undefined) return { isUnknown: true, message: `${RULE.knownSysctls}${suggest(name, SYSCTL_NAMES)}` };
  const expected = expectation(kind, text);
  return expected === undefined
    ? undefined
    : { isUnknown: false, message: `expected ${expected}, found ${quote(text)}` };
}

/** What would have been right; `undefined` where the text is. */
function expectation(kind: SysctlKind, text: string): string | undefined {
  if (kind === 'ThresholdAndPeriod') {
    const [, threshold, period] = /^([0-9]{1,9})[ \t]([0-9]{1,9})$/.exec(text) ?? [];
    const isRight = period !== undefined && (Number(threshold) < Number(period) || Number(period) === 0);
    return isRight ? undefined : 'a threshold and a larger period, such as "3 50"';
  }
  const value = new RegExp(`^(${INTEGER})$`).test(text) ? Number(text) : Number.NaN;
  if (kind === 'PowerOfTwo') {
    const powers = Array.from({ length: 1 + Math.log2(MAXIMUM_SYNC_PORTS) }, (_, i) => 2 ** i);
    return powers.includes(value) ? undefined : listChoices(powers.map((power) => `"${power}"`));
  }
  const [minimum, maximum] = kind;
  return value >= minimum && value <= maximum ? undefined : `a whole number from ${minimum} to ${maximum}, in quotes`;
}

/** The text as the kernel shows it: vectors are separated by tabs. */
export function sysctlAsRead(text: string): string {
  return text.replace(' ', '\t');
}
