import { DEFAULT_TIMEOUTS } from '../../model/index.js';
import type { SyncDaemon, Timeouts } from '../../model/index.js';
import { API_VERSION, MAXIMUM_TIMEOUT_SECONDS } from '../schema/limits.js';
import { scalarText } from './virtual-service.js';

export interface DirectorState {
  readonly timeouts: Timeouts;
  readonly daemons: readonly SyncDaemon[];
}

export interface RenderedDirector {
  /** Empty where the kernel is as every kernel starts. */
  readonly text: string;
  readonly unsayable: readonly string[];
}

/** What of a kernel is not the default, as a Director. */
export function renderDirector({ timeouts, daemons }: DirectorState): RenderedDirector {
  const changed = (Object.keys(DEFAULT_TIMEOUTS) as (keyof Timeouts)[]).filter(
    (name) => timeouts[name] !== DEFAULT_TIMEOUTS[name],
  );
  const isSayable = (name: keyof Timeouts): boolean => timeouts[name] >= 1 && timeouts[name] <= MAXIMUM_TIMEOUT_SECONDS;
  const unsayable = changed
    .filter((name) => !isSayable(name))
    .map((name) => `the timeout ${name} of ${timeouts[name]}`);
  const said = changed.filter(isSayable);
  if (said.length === 0 && daemons.length === 0) return { text: '', unsayable };
  const lines = ['---', `apiVersion: ${API_VERSION}`, 'kind: Director', 'metadata:', '  name: director', 'spec:'];
  if (said.length > 0) lines.push(`  timeouts: { ${said.map((name) => `${name}: ${timeouts[name]}`).join(', ')} }`);
  if (daemons.length > 0) lines.push('  syncDaemons:', ...daemons.map((daemon) => `    - { ${daemonText(daemon)} }`));
  return { text: `${lines.join('\n')}\n`, unsayable };
}

function daemonText(daemon: SyncDaemon): string {
  const { role, syncId, multicastGroup, port, ttl, maximumMessageLength } = daemon;
  const parts = [`role: ${role}`, `interface: ${scalarText(daemon.interface)}`, `syncId: ${syncId}`];
  if (multicastGroup !== undefined) parts.push(`multicastGroup: "${multicastGroup}"`);
  if (port !== undefined) parts.push(`port: ${port}`);
  if (ttl !== undefined) parts.push(`ttl: ${ttl}`);
  if (maximumMessageLength !== undefined) parts.push(`maximumMessageLength: ${maximumMessageLength}`);
  return parts.join(', ');
}
