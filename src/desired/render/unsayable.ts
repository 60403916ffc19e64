import {
  addressFamily,
  prefixFromNetmask,
  realServerKeyText,
  schedulerFlagNames,
  serviceFamily,
} from '../../model/index.js';
import type { KernelService, Persistence, RealServer, ServiceKey } from '../../model/index.js';
import { isAddress } from '../formats.js';
import {
  ENGINE_PATTERN,
  MAXIMUM_REAL_SERVERS,
  MAXIMUM_TIMEOUT_SECONDS,
  MAXIMUM_WEIGHT,
  SCHEDULER_PATTERN,
} from '../schema/limits.js';

const SCHEDULER = new RegExp(SCHEDULER_PATTERN);
const ENGINE = new RegExp(ENGINE_PATTERN);

/** Why documents cannot say that a service is as it is, each reason in a few words; empty where they can. */
export function findUnsayable({ key, settings, servers }: KernelService): readonly string[] {
  const reasons: string[] = [];
  const { scheduler, schedulerFlags, onePacketScheduling, persistence, strayEngine } = settings;
  if (scheduler === '') reasons.push('it has no scheduler');
  else if (!SCHEDULER.test(scheduler)) reasons.push(`the scheduler's name ${scheduler}`);
  const flags = schedulerFlagNames(scheduler, schedulerFlags).filter((name) => name.startsWith('flag-'));
  if (flags.length > 0) reasons.push(`the scheduler flags ${flags.join(', ')}`);
  if (persistence !== null) reasons.push(...findUnsayablePersistence(key, persistence));
  if (strayEngine !== undefined) reasons.push(`the persistence engine ${strayEngine} without persistence`);
  if (key.firewallMark === undefined) {
    if (!isAddress(key.address)) reasons.push(`the virtual address ${key.address}`);
    if (key.port === 0 && persistence === null) reasons.push('port 0 without persistence');
    if (onePacketScheduling && key.protocol !== 'UDP') reasons.push(`one-packet scheduling of ${key.protocol}`);
  }
  if (servers.length > MAXIMUM_REAL_SERVERS) reasons.push(`more than ${MAXIMUM_REAL_SERVERS} real servers`);
  for (const server of servers) {
    const reason = unsayableServer(key, server);
    if (reason !== undefined) reasons.push(`real server ${realServerKeyText(server)}: ${reason}`);
  }
  return reasons;
}

function findUnsayablePersistence(
  key: ServiceKey,
  { timeoutSeconds, netmask, engine }: Persistence,
): readonly string[] {
  const reasons: string[] = [];
  if (timeoutSeconds < 1 || timeoutSeconds > MAXIMUM_TIMEOUT_SECONDS) {
    reasons.push(`the persistence timeout of ${timeoutSeconds} seconds`);
  }
  if (prefixFromNetmask(serviceFamily(key), netmask) === undefined) reasons.push(`the netmask ${netmask}, with holes`);
  if (engine !== '' && !ENGINE.test(engine)) reasons.push(`the persistence engine's name ${engine}`);
  return reasons;
}

function unsayableServer(key: ServiceKey, server: RealServer): string | undefined {
  const { forwarding, weight, upperThreshold, lowerThreshold } = server;
  if (!isAddress(server.address)) return 'its address';
  if (forwarding === 'Local' || forwarding === 'Bypass') return `the forwarding method ${forwarding}`;
  if (weight > MAXIMUM_WEIGHT) return `the weight ${weight}`;
  if (lowerThreshold > upperThreshold) return `the lower threshold ${lowerThreshold} above the upper one`;
  if (addressFamily(server.address) !== serviceFamily(key) && forwarding !== 'Tunnel') {
    return `an address of the other family with ${forwarding}`;
  }
  if (key.firewallMark !== undefined) return undefined;
  if (forwarding !== 'Masquerade' && server.port !== key.port) return `another port with ${forwarding}`;
  return server.port === 0 && key.port !== 0 ? 'port 0' : undefined;
}
