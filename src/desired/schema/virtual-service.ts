import { z } from 'zod';
import { address, label, labelSelector, namespacedMetadata, port } from './common.js';
import { constant, flag, list, mapping, oneOf, pattern, wholeNumber } from './fields.js';
import { health } from './health.js';
import {
  API_VERSION,
  DEFAULT_IPV4_PREFIX_LENGTH,
  DEFAULT_IPV6_PREFIX_LENGTH,
  DEFAULT_MARK_FAMILIES,
  DEFAULT_PERSISTENCE_SECONDS,
  DEFAULT_PROTOCOL,
  DEFAULT_SCHEDULER,
  ENGINE_PATTERN,
  MAXIMUM_ADDRESSES,
  MAXIMUM_FIREWALL_MARK,
  MAXIMUM_PORTS,
  MAXIMUM_REAL_SERVERS,
  MAXIMUM_SORRY_SERVERS,
  MAXIMUM_TIMEOUT_SECONDS,
  SCHEDULER_PATTERN,
} from './limits.js';
import { forwarding, realServers, realServerSource } from './real-servers.js';
import { RULE } from './rule-texts.js';
import { serverRules } from './server-rules.js';

const servicePort = () =>
  mapping({
    name: label('a name').optional(),
    port: port(0),
    protocol: oneOf(['TCP', 'UDP', 'SCTP']).default(DEFAULT_PROTOCOL),
    targetPort: port(1).optional(),
  });

const firewallMark = () =>
  mapping({
    value: wholeNumber(1, MAXIMUM_FIREWALL_MARK),
    addressFamilies: list(oneOf(['IPv4', 'IPv6']), { minimum: 1, maximum: 2, keys: 'set' }).default([
      ...DEFAULT_MARK_FAMILIES,
    ]),
  });

const persistence = () =>
  mapping({
    timeoutSeconds: wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS).default(DEFAULT_PERSISTENCE_SECONDS),
    ipv4PrefixLength: wholeNumber(0, 32).default(DEFAULT_IPV4_PREFIX_LENGTH),
    ipv6PrefixLength: wholeNumber(1, 128).default(DEFAULT_IPV6_PREFIX_LENGTH),
    engine: pattern("a persistence engine's name, such as sip", ENGINE_PATTERN, 15).optional(),
  });

const quorum = () =>
  mapping(
    {
      minimumHealthy: wholeNumber(1, MAXIMUM_REAL_SERVERS).optional(),
      minimumWeight: wholeNumber(1, 67_108_864).optional(),
      hysteresis: wholeNumber(0, 67_108_864).default(0),
    },
    {
      'x-kubernetes-validations': [
        { rule: '!(has(self.minimumHealthy) && has(self.minimumWeight))', message: RULE.quorumMeasure },
      ],
    },
  );

/** The rules between fields for the API server. rules/ holds the same for files: change both. */
const SPEC_RULES = [
  {
    rule: 'has(self.firewallMark) ? !has(self.addresses) && !has(self.ports) : has(self.addresses) && has(self.ports)',
    message: RULE.addressesOrMark,
  },
  {
    rule: 'has(self.persistence) || !has(self.ports) || self.ports.all(p, p.port != 0)',
    message: RULE.portZeroNeedsPersistence,
  },
  {
    rule: "!has(self.schedulerFlags) || self.schedulerFlags.all(f, f.startsWith(self.scheduler + '-'))",
    message: RULE.schedulerFlags,
  },
  {
    rule: "!self.onePacketScheduling || !has(self.ports) || self.ports.all(p, p.protocol == 'UDP')",
    message: RULE.onePacketScheduling,
  },
  ...serverRules('realServers'),
  ...serverRules('sorryServers'),
];

const spec = () =>
  mapping(
    {
      addresses: list(address(), { minimum: 1, maximum: MAXIMUM_ADDRESSES, keys: 'set' }).optional(),
      ports: list(servicePort(), { minimum: 1, maximum: MAXIMUM_PORTS, keys: ['port', 'protocol'] }).optional(),
      firewallMark: firewallMark().optional(),
      scheduler: pattern('the name of a scheduler, such as wlc or rr', SCHEDULER_PATTERN, 15).default(
        DEFAULT_SCHEDULER,
      ),
      schedulerFlags: list(oneOf(['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port']), {
        maximum: 2,
        keys: 'set',
      }).optional(),
      onePacketScheduling: flag().default(false),
      persistence: persistence().optional(),
      forwarding: forwarding().optional(),
      realServers: realServers(MAXIMUM_REAL_SERVERS).optional(),
      realServersFrom: list(realServerSource(), { maximum: 8 }).optional(),
      sorryServers: realServers(MAXIMUM_SORRY_SERVERS).optional(),
      quorum: quorum().optional(),
      whenNoneAvailable: oneOf(['Drop', 'KeepAll']).default('Drop'),
      health: health().optional(),
      drain: mapping({ timeoutSeconds: wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS) }).optional(),
      slowStart: mapping({ durationSeconds: wholeNumber(1, 86_400) }).optional(),
      nodeSelector: labelSelector().optional(),
      suspend: flag().default(false),
    },
    { 'x-kubernetes-validations': SPEC_RULES },
  );

export const virtualServiceSchema = mapping({
  apiVersion: constant(API_VERSION),
  kind: constant('VirtualService'),
  metadata: namespacedMetadata(),
  spec: spec(),
  status: z.unknown().optional(),
});
