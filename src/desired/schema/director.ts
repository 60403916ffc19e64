import { z } from 'zod';
import { clusterMetadata, labelSelector, markRanges, multicastGroup, port, prefixes } from './common.js';
import { constant, list, mapping, oneOf, pattern, textMap, wholeNumber } from './fields.js';
import { API_VERSION, INTERFACE_PATTERN, MAXIMUM_TIMEOUT_SECONDS, SYSCTL_NAME_PATTERN } from './limits.js';
import { SYSCTL_PROPERTIES } from './sysctl-rules.js';

const syncDaemon = () =>
  mapping({
    role: oneOf(['Master', 'Backup']).describe('Master sends connections to other directors, Backup receives theirs.'),
    interface: pattern('the name of a network interface, such as eth0', INTERFACE_PATTERN, 15).describe(
      'The interface that it sends or listens on.',
    ),
    syncId: wholeNumber(0, 255).describe('Directors of one group have the same.'),
    runWhile: oneOf(['Always', 'Leader', 'Follower'])
      .describe('Always, or only on the node that holds the failover lease, or only on those that do not.')
      .default('Always'),
    multicastGroup: multicastGroup().describe("Absent: the kernel's own, 224.0.0.81.").optional(),
    port: port(1).describe("Absent: the kernel's own, 8848.").optional(),
    ttl: wholeNumber(1, 255).describe("Of the multicast packets. Absent: the kernel's own, 1.").optional(),
    maximumMessageLength: wholeNumber(1, 65_507)
      .describe("Of the multicast packets, in bytes. Absent: the kernel's own, which fits the interface.")
      .optional(),
  });

const timeout = (description: string) => wholeNumber(1, MAXIMUM_TIMEOUT_SECONDS).describe(description).optional();

const timeouts = () =>
  mapping({
    tcpSeconds: timeout('Of idle TCP connections.'),
    tcpFinSeconds: timeout('Of TCP connections that are being closed.'),
    udpSeconds: timeout('Of UDP exchanges.'),
  });

const ownership = () =>
  mapping({
    adoption: oneOf(['Never', 'Always'])
      .describe('Whether a wanted service that someone else made is taken over, or refused.')
      .default('Never'),
    exclusive: mapping({
      cidrs: prefixes().describe('By their virtual addresses.').optional(),
      firewallMarks: markRanges().describe('By their firewall marks, such as "7" or "1000-1999".').optional(),
    })
      .describe("Kernel services that are this director's alone: what is among them and not declared is removed.")
      .optional(),
  });

const allowedAddress = () =>
  mapping({
    cidrs: prefixes().describe('The virtual addresses.'),
    namespaceSelector: labelSelector().describe('Whose they are. Absent: of any namespace.').optional(),
  });

const spec = () =>
  mapping(
    {
      nodeSelector: labelSelector()
        .describe('Which nodes this is about. Absent: all. Of several that match a node the oldest holds.')
        .optional(),
      syncDaemons: list(syncDaemon(), { maximum: 2, keys: ['role'] })
        .describe('The daemons that copy connections between directors.')
        .optional(),
      timeouts: timeouts().describe('How long the kernel keeps connections.').optional(),
      sysctls: textMap(SYSCTL_NAME_PATTERN, 'the name of a sysctl below net.ipv4.vs', 255)
        .describe('Settings below net.ipv4.vs, by name. What is not named stays as it is.')
        .meta({ 'x-known-properties': SYSCTL_PROPERTIES })
        .optional(),
      ownership: ownership().describe('Which kernel services this program takes for its own.').optional(),
      allowedAddresses: list(allowedAddress(), { maximum: 64 })
        .describe('Who may claim which virtual addresses. Empty: anyone any.')
        .optional(),
      allowedServerCIDRs: prefixes()
        .describe('Where real servers may be. Empty: anywhere but loopback, link-local, unspecified and multicast.')
        .optional(),
    },
    { description: 'What is wanted.' },
  );

export const directorSchema = mapping({
  apiVersion: constant(API_VERSION),
  kind: constant('Director'),
  metadata: clusterMetadata(),
  spec: spec(),
  status: z.unknown().optional(),
});
