import { z } from 'zod';
import { SYSCTL_NAMES } from '../sysctls.js';
import { clusterMetadata, labelSelector, markRanges, multicastGroup, port, prefixes } from './common.js';
import { constant, list, mapping, oneOf, pattern, textMap, wholeNumber } from './fields.js';
import { API_VERSION, INTERFACE_PATTERN, MAXIMUM_TIMEOUT_SECONDS, SYSCTL_NAME_PATTERN } from './limits.js';
import { RULE } from './rule-texts.js';

const syncDaemon = () =>
  mapping({
    role: oneOf(['Master', 'Backup']),
    interface: pattern('the name of a network interface, such as eth0', INTERFACE_PATTERN, 15),
    syncId: wholeNumber(0, 255),
    runWhile: oneOf(['Always', 'Leader', 'Follower']).default('Always'),
    multicastGroup: multicastGroup().optional(),
    port: port(1).optional(),
    ttl: wholeNumber(1, 255).optional(),
    maximumMessageLength: wholeNumber(1, 65_507).optional(),
  });

const KNOWN_SYSCTLS = {
  rule: `self.all(name, name in [${SYSCTL_NAMES.map((name) => `'${name}'`).join(', ')}])`,
  message: RULE.knownSysctls,
};

const timeout = () => wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS).optional();

const timeouts = () => mapping({ tcpSeconds: timeout(), tcpFinSeconds: timeout(), udpSeconds: timeout() });

const ownership = () =>
  mapping({
    adoption: oneOf(['Never', 'Always']).default('Never'),
    exclusive: mapping({ cidrs: prefixes().optional(), firewallMarks: markRanges().optional() }).optional(),
  });

const allowedAddress = () => mapping({ cidrs: prefixes(), namespaceSelector: labelSelector().optional() });

const spec = () =>
  mapping({
    nodeSelector: labelSelector().optional(),
    syncDaemons: list(syncDaemon(), { maximum: 2, keys: ['role'] }).optional(),
    timeouts: timeouts().optional(),
    sysctls: textMap(SYSCTL_NAME_PATTERN, 'the name of a sysctl below net.ipv4.vs', 255)
      .meta({ 'x-kubernetes-validations': [KNOWN_SYSCTLS] })
      .optional(),
    ownership: ownership().optional(),
    allowedAddresses: list(allowedAddress(), { maximum: 64 }).optional(),
    allowedServerCIDRs: prefixes().optional(),
  });

export const directorSchema = mapping({
  apiVersion: constant(API_VERSION),
  kind: constant('Director'),
  metadata: clusterMetadata(),
  spec: spec(),
  status: z.unknown().optional(),
});
