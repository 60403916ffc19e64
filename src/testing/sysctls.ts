import type { KernelErrorCode } from '../errors/index.js';
import type { Sysctls } from '../model/index.js';

/** What a network namespace of Linux 6.1 starts with below net.ipv4.vs. */
export const DEFAULT_SYSCTLS: Sysctls = {
  am_droprate: '10',
  amemthresh: '1024',
  backup_only: '0',
  cache_bypass: '0',
  conn_reuse_mode: '1',
  conntrack: '0',
  drop_entry: '0',
  drop_packet: '0',
  expire_nodest_conn: '0',
  expire_quiescent_template: '0',
  ignore_tunneled: '0',
  nat_icmp_send: '0',
  pmtu_disc: '1',
  run_estimation: '1',
  schedule_icmp: '0',
  secure_tcp: '0',
  sloppy_sctp: '0',
  sloppy_tcp: '0',
  snat_reroute: '1',
  sync_persist_mode: '0',
  sync_ports: '1',
  sync_qlen_max: '15000',
  sync_refresh_period: '0',
  sync_retries: '0',
  sync_sock_size: '0',
  sync_threshold: '3\t50',
  sync_version: '1',
};

const RANGES: Readonly<Record<string, readonly [minimum: number, maximum: number]>> = {
  drop_entry: [0, 3],
  drop_packet: [0, 3],
  secure_tcp: [0, 3],
  sync_qlen_max: [0, 0x7fffffff],
  sync_retries: [0, 3],
  sync_version: [0, 1],
};

/** Writes one as the kernel does: the first number counts, `sync_threshold` takes two and keeps one that is absent. */
export function writeSysctl(sysctls: Map<string, string>, name: string, text: string): KernelErrorCode | undefined {
  const old = sysctls.get(name);
  if (old === undefined) return 'ENOENT';
  const numbers = text.trim().split(/\s+/);
  if (numbers.some((word) => !/^-?[0-9]+$/.test(word))) return 'EINVAL';
  if (name === 'sync_threshold') {
    const [threshold = 0, period = 0] = [...numbers.slice(0, 2), ...old.split('\t').slice(numbers.length)].map(Number);
    if (threshold < 0 || period <= threshold) return 'EINVAL';
    sysctls.set(name, `${threshold}\t${period}`);
    return undefined;
  }
  const value = Number(numbers[0]);
  const [minimum, maximum] = RANGES[name] ?? [-0x80000000, 0x7fffffff];
  if (value < minimum || value > maximum) return 'EINVAL';
  if (name === 'sync_ports' && (value < 1 || value & (value - 1))) return 'EINVAL';
  sysctls.set(name, String(value));
  return undefined;
}
