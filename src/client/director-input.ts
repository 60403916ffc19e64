import { SYNC_ROLES } from '../model/index.js';
import type { SyncDaemon, Timeouts } from '../model/index.js';
import { InputChecks } from './input-checks.js';

const DAEMON_FIELDS = ['role', 'interface', 'syncId', 'multicastGroup', 'port', 'ttl', 'maximumMessageLength'];
const TIMEOUT_FIELDS = ['tcpSeconds', 'tcpFinSeconds', 'udpSeconds'];

/** The kernel counts ticks in 31 bits; kernels with 1000 ticks a second can count no further. */
const MAXIMUM_TIMEOUT_SECONDS = Math.floor(0x7fffffff / 1000);

/** Throws InvalidInputError. */
export function daemonFromInput(input: SyncDaemon): SyncDaemon {
  const checks = new InputChecks();
  const { multicastGroup, port, ttl, maximumMessageLength } = input;
  checks.fields('', input, DAEMON_FIELDS);
  const daemon: SyncDaemon = {
    role: checks.oneOf('role', input.role, SYNC_ROLES),
    interface: checks.text('interface', input.interface, /^[^\s/]{1,15}$/, 'the name of a network interface'),
    syncId: checks.integer('syncId', input.syncId, 0, 255),
    ...(multicastGroup === undefined ? {} : { multicastGroup: checks.address('multicastGroup', multicastGroup) }),
    ...(port === undefined ? {} : { port: checks.integer('port', port, 1, 65535) }),
    ...(ttl === undefined ? {} : { ttl: checks.integer('ttl', ttl, 1, 255) }),
    ...(maximumMessageLength === undefined
      ? {}
      : { maximumMessageLength: checks.integer('maximumMessageLength', maximumMessageLength, 1, 65507) }),
  };
  checks.finish('sync daemon');
  return daemon;
}

/** What is absent is 0, which the kernel leaves as it is. Throws InvalidInputError. */
export function timeoutsFromInput(input: Partial<Timeouts>): Timeouts {
  const checks = new InputChecks();
  checks.fields('', input, TIMEOUT_FIELDS);
  const seconds = (name: keyof Timeouts): number =>
    input[name] === undefined ? 0 : checks.integer(name, input[name], 1, MAXIMUM_TIMEOUT_SECONDS);
  const timeouts = {
    tcpSeconds: seconds('tcpSeconds'),
    tcpFinSeconds: seconds('tcpFinSeconds'),
    udpSeconds: seconds('udpSeconds'),
  };
  checks.finish('timeouts');
  return timeouts;
}
