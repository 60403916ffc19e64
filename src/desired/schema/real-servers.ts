import type { z } from 'zod';
import { address, label, port } from './common.js';
import { flag, list, mapping, oneOf, wholeNumber } from './fields.js';
import {
  DEFAULT_CHECKSUM,
  DEFAULT_FORWARDING,
  DEFAULT_STATE,
  DEFAULT_TUNNEL,
  DEFAULT_WEIGHT,
  MAXIMUM_CONNECTIONS,
  MAXIMUM_WEIGHT,
} from './limits.js';
import { RULE } from './rule-texts.js';

const tunnel = () =>
  mapping(
    {
      type: oneOf(['IPIP', 'GUE', 'GRE']).describe('The encapsulation.').default(DEFAULT_TUNNEL),
      gue: mapping({
        port: port(1).describe('The UDP port that the real server takes GUE packets on.'),
        checksum: oneOf(['None', 'Standard', 'Remote']).describe('The outer UDP checksum.').default(DEFAULT_CHECKSUM),
      })
        .describe('Settings of GUE.')
        .optional(),
      gre: mapping({ checksum: oneOf(['None', 'Standard']).describe("GRE's checksum.").default(DEFAULT_CHECKSUM) })
        .describe('Settings of GRE.')
        .optional(),
    },
    {
      'x-kubernetes-validations': [
        { rule: "has(self.gue) == (self.type == 'GUE')", message: RULE.gueSettings },
        { rule: "!has(self.gre) || self.type == 'GRE'", message: RULE.greSettings },
      ],
    },
  );

export const forwarding = () =>
  mapping(
    {
      method: oneOf(['Masquerade', 'DirectRouting', 'Tunnel'])
        .describe('Masquerade rewrites addresses; DirectRouting and Tunnel do not, and answers bypass the director.')
        .default(DEFAULT_FORWARDING),
      tunnel: tunnel().describe('How packets are wrapped under Tunnel. Absent: IPIP.').optional(),
    },
    {
      'x-kubernetes-validations': [
        { rule: "!has(self.tunnel) || self.method == 'Tunnel'", message: RULE.tunnelNeedsMethod },
      ],
    },
  );

const connectionThresholds = () =>
  mapping(
    {
      upper: wholeNumber(0, MAXIMUM_CONNECTIONS)
        .describe('At so many connections the server gets no new ones. 0: no limit.')
        .default(0),
      lower: wholeNumber(0, MAXIMUM_CONNECTIONS)
        .describe('Below so many it gets new ones again. 0: three quarters of the upper one.')
        .default(0),
    },
    { 'x-kubernetes-validations': [{ rule: 'self.lower <= self.upper', message: RULE.lowerNeedsUpper }] },
  );

const weight = (): z.ZodDefault<z.ZodInt> =>
  wholeNumber(0, MAXIMUM_WEIGHT)
    .describe('Its share of new connections, against the other servers; 0: none. At most 655 with slowStart.')
    .default(DEFAULT_WEIGHT);

const realServer = () =>
  mapping({
    address: address().describe('Its address.'),
    port: port(0)
      .describe(
        "Its port. 0: the virtual port's targetPort. Anything else only where there is exactly one virtual port.",
      )
      .default(0),
    weight: weight(),
    state: oneOf(['Enabled', 'Drain'])
      .describe('Drain: keep its connections, give it no new ones.')
      .default(DEFAULT_STATE),
    forwarding: forwarding().describe("How packets reach it. Absent: as the service's forwarding says.").optional(),
    crossFamily: flag()
      .describe('Let it join the virtual addresses of the other family; only under Tunnel.')
      .default(false),
    connectionThresholds: connectionThresholds().describe('Limits of its connections.').optional(),
  });

export const realServers = (maximum: number) => list(realServer(), { maximum, keys: ['address', 'port'] });

/** Where further servers come from. */
export const realServerSource = () =>
  mapping({
    endpointSlices: mapping({
      serviceName: label('the name of a Service').describe('The name of the Service.'),
    }).describe(
      'The endpoints of a Service of the same namespace, whose ports are matched by name. In a cluster only.',
    ),
    defaults: mapping({
      weight: weight(),
      forwarding: forwarding().describe("How packets reach them. Absent: as the service's forwarding says.").optional(),
      connectionThresholds: connectionThresholds().describe('Limits of the connections of each.').optional(),
    })
      .describe('What is said of every server that is found.')
      .optional(),
  });
