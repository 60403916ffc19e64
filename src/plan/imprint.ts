import type { KernelService, RealServerKey, ServiceSettings } from '../model/index.js';

/**
 * What a service is like that is about to be made, in a short text: its settings and which real servers it gets. After a crash
 * it tells the service that was made, perhaps without all of its servers yet, from one that somebody else made meanwhile.
 */
export class Imprint {
  readonly #settings: string;
  #servers = '';

  constructor(settings: ServiceSettings) {
    this.#settings = settingsText(settings);
  }

  addServer(server: RealServerKey): void {
    this.#servers += serverMark(server);
  }

  get text(): string {
    return `${this.#settings}${SEPARATOR}${this.#servers}`;
  }
}

const SEPARATOR = '|';
/** Of any 32-bit number. */
const MARK_LENGTH = 7;

/** Whether a service may be the one that was to be made: its settings are the same, and it has no other servers. */
export function bearsImprint({ settings, servers }: KernelService, imprint: string): boolean {
  const end = imprint.lastIndexOf(SEPARATOR);
  if (settingsText(settings) !== imprint.slice(0, end)) return false;
  const marks = new Set<string>();
  for (let at = end + 1; at < imprint.length; at += MARK_LENGTH) marks.add(imprint.slice(at, at + MARK_LENGTH));
  return servers.every((server) => marks.has(serverMark(server)));
}

function settingsText({ scheduler, schedulerFlags, onePacketScheduling, persistence }: ServiceSettings): string {
  const base = `${scheduler} ${schedulerFlags}${onePacketScheduling ? ' ops' : ''}`;
  if (persistence === null) return base;
  return `${base} ${persistence.timeoutSeconds} ${persistence.netmask} ${persistence.engine}`;
}

/** FNV-1a of address and port: a service has few servers, so that a short mark will do. */
function serverMark({ address, port }: RealServerKey): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (port & 0xff), 0x01000193);
  hash = Math.imul(hash ^ (port >>> 8), 0x01000193);
  return (hash >>> 0).toString(36).padStart(MARK_LENGTH, '0');
}
