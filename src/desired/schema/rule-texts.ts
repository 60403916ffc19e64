import { settingsField } from './limits.js';
import type { CheckType } from './limits.js';

/**
 * The rules between fields, in one sentence each. The rules of files and of the API server say the same words; those of
 * files add what was found.
 */
export const RULE = {
  addressesOrMark: 'a virtual service has either addresses and ports, or a firewallMark',
  portZeroNeedsPersistence: 'port 0, which is every port, needs persistence',
  schedulerFlags: 'sh-fallback and sh-port are flags of the scheduler sh, mh-fallback and mh-port of mh',
  onePacketScheduling: 'one-packet scheduling is for UDP: no port may be TCP or SCTP',
  tunnelNeedsMethod: 'tunnel settings need the method Tunnel',
  gueSettings: 'gue settings belong to the tunnel type GUE, which needs them for its port',
  greSettings: 'gre settings belong to the tunnel type GRE',
  lowerNeedsUpper: 'the lower threshold needs an upper one, and is not above it',
  serverPortNeedsOnePort: 'a port of its own is for a real server of a service with exactly one port',
  portIsKept: 'DirectRouting and Tunnel keep the virtual port: another one is not possible',
  crossFamilyNeedsTunnel: 'crossFamily needs the method Tunnel',
  familyWithoutAddress: 'the service has no virtual address of the family that this server would join',
  slowStartWeight: 'with slowStart a weight is at most 655',
  quorumMeasure: 'a quorum is minimumHealthy or minimumWeight, not both',
  settingsOf: (type: CheckType) => `${settingsField(type)} settings belong to the check type ${type}`,
  checkNeedsPort: 'where servers have no port of their own, behind port 0 or a firewall mark, a check needs one',
  virtualAddressTypes: 'neither pings nor programs can ask a virtual address on one server',
  virtualAddressMark: 'a check of the virtual address has a firewall mark of its own already',
  virtualAddressOfMark:
    'behind a firewall mark of one family, a check of the virtual address says which: its address; otherwise it says none',
  timeoutWithinInterval: 'a check must end before the next one begins: its timeout is at most its interval',
  pingHasNoPort: 'a ping asks no port',
  headHasNoBody: 'the answer to HEAD has no body that something could be expected of',
  noTrailers: 'a probe has no trailers to name',
  textOrHex: 'what is sent or expected is said as text or in hexadecimal, not both',
  sourceFamily: 'a check asks from an address of the same family as what it asks',
  program: 'the command begins with the path of a program below --exec-dir, such as check-mysql',
  programMissing: 'a check of the type Exec needs exec settings, which have its command',
  selectorValues: 'the operators In and NotIn need values, Exists and DoesNotExist take none',
  knownSysctls: 'not a known sysctl below net.ipv4.vs',
} as const;
