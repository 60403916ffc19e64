import { z } from 'zod';
import { address, label, labelSelector, namespacedMetadata, port } from './common.js';
import { constant, flag, list, mapping, oneOf, pattern, wholeNumber } from './fields.js';
import { health } from './health.js';
import {
  API_VERSION,
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
    name: label('a name').describe('A name, by which endpoint slices find their port.').optional(),
    port: port(0).describe('The virtual port. 0 is every port, and needs persistence.'),
    protocol: oneOf(['TCP', 'UDP', 'SCTP']).describe('The protocol.').default(DEFAULT_PROTOCOL),
    targetPort: port(1).describe('The port of the real servers under Masquerade. Absent: the virtual port.').optional(),
  });

const firewallMark = () =>
  mapping({
    value: wholeNumber(1, MAXIMUM_FIREWALL_MARK).describe('The mark that the firewall sets.'),
    addressFamilies: list(oneOf(['IPv4', 'IPv6']), { minimum: 1, maximum: 2, keys: 'set' })
      .describe('Whose packets with this mark are balanced; each family is a kernel service of its own.')
      .default([...DEFAULT_MARK_FAMILIES]),
  });

const persistence = () =>
  mapping({
    timeoutSeconds: wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS)
      .describe('How long a client keeps its real server after its last connection.')
      .default(DEFAULT_PERSISTENCE_SECONDS),
    ipv4PrefixLength: wholeNumber(0, 32)
      .describe('IPv4 clients that share this many first bits count as one. Absent: 32, each by itself.')
      .optional(),
    ipv6PrefixLength: wholeNumber(1, 128)
      .describe('IPv6 clients that share this many first bits count as one. Absent: 128, each by itself.')
      .optional(),
    engine: pattern("a persistence engine's name, such as sip", ENGINE_PATTERN, 15)
      .describe('The kernel module that tells clients apart by something else than their address.')
      .optional(),
  });

const quorum = () =>
  mapping(
    {
      minimumHealthy: wholeNumber(1, MAXIMUM_REAL_SERVERS)
        .describe('So many real servers must pass, have a weight and not drain.')
        .optional(),
      minimumWeight: wholeNumber(1, 67_108_864).describe('Or: so much weight must they have together.').optional(),
      hysteresis: wholeNumber(0, 67_108_864)
        .describe('A lost quorum is back when it is exceeded by this much.')
        .default(0),
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
  {
    rule: '!has(self.slowStart) || !has(self.realServersFrom) || self.realServersFrom.all(f, !has(f.defaults) || f.defaults.weight <= 655)',
    message: RULE.slowStartWeight,
  },
  {
    rule: "!has(self.health) || (has(self.ports) && self.ports.all(p, p.port != 0)) || self.health.checks.all(c, c.type == 'Ping' || has(c.port))",
    message: RULE.checkNeedsPort,
  },
  {
    rule: "!has(self.health) || self.health.checks.all(c, c.target != 'VirtualAddress' || (has(self.firewallMark) ? has(c.address) && self.firewallMark.addressFamilies.size() == 1 && (c.address.contains(':') ? 'IPv6' : 'IPv4') in self.firewallMark.addressFamilies : !has(c.address)))",
    message: RULE.virtualAddressOfMark,
  },
];

const spec = () =>
  mapping(
    {
      addresses: list(address(), { minimum: 1, maximum: MAXIMUM_ADDRESSES, keys: 'set' })
        .describe('The virtual addresses, IPv4 and IPv6. Every address with every port is one kernel service.')
        .optional(),
      ports: list(servicePort(), { minimum: 1, maximum: MAXIMUM_PORTS, keys: ['port', 'protocol'] })
        .describe('The virtual ports.')
        .optional(),
      firewallMark: firewallMark()
        .describe('What is balanced, by the mark of its packets; instead of addresses and ports.')
        .optional(),
      scheduler: pattern('the name of a scheduler, such as wlc or rr', SCHEDULER_PATTERN, 15)
        .describe('How the kernel picks a real server: wlc, wrr, rr, lc, sh, mh, or another scheduler that it has.')
        .default(DEFAULT_SCHEDULER),
      schedulerFlags: list(oneOf(['sh-fallback', 'sh-port', 'mh-fallback', 'mh-port']), {
        maximum: 2,
        keys: 'set',
      })
        .describe('Flags of the schedulers sh and mh.')
        .optional(),
      onePacketScheduling: flag().describe('Every UDP packet is scheduled by itself.').default(false),
      persistence: persistence().describe('A client keeps its real server. Absent: it does not.').optional(),
      forwarding: forwarding().describe('How packets reach real servers that say nothing of it themselves.').optional(),
      realServers: realServers(MAXIMUM_REAL_SERVERS)
        .describe('The real servers. Each joins the virtual addresses of its own family.')
        .optional(),
      realServersFrom: list(realServerSource(), { maximum: 8 })
        .describe('Where further real servers are found. One that realServers names wins over the same one found.')
        .optional(),
      sorryServers: realServers(MAXIMUM_SORRY_SERVERS)
        .describe('These stand in for the real servers while the quorum is lost.')
        .optional(),
      quorum: quorum().describe('What must be healthy for the real servers to be used.').optional(),
      whenNoneAvailable: oneOf(['Drop', 'KeepAll'])
        .describe('Without sorry servers, when every real server failed: remove them all, or keep them all.')
        .default('Drop'),
      health: health().describe('How real servers are checked. Absent: each passes.').optional(),
      drain: mapping({
        timeoutSeconds: wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS).describe(
          'After this long it goes, connections or not.',
        ),
      })
        .describe('A server that is removed gets weight 0 first, until its connections end. Absent: it goes at once.')
        .optional(),
      slowStart: mapping({
        durationSeconds: wholeNumber(1, 86_400).describe('How long until the whole weight is reached.'),
      })
        .describe('The weight of a server that comes back rises slowly. Weights in the kernel are 100 times these.')
        .optional(),
      nodeSelector: labelSelector().describe('Which nodes have this service. Absent: every director.').optional(),
      suspend: flag().describe('Leave the service as it is in the kernel.').default(false),
    },
    { description: 'What is wanted.', 'x-kubernetes-validations': SPEC_RULES },
  );

export const virtualServiceSchema = mapping({
  apiVersion: constant(API_VERSION),
  kind: constant('VirtualService'),
  metadata: namespacedMetadata(),
  spec: spec(),
  status: z.unknown().optional(),
});
