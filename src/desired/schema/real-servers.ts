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
      type: oneOf(['IPIP', 'GUE', 'GRE']).default(DEFAULT_TUNNEL),
      gue: mapping({
        port: port(1),
        checksum: oneOf(['None', 'Standard', 'Remote']).default(DEFAULT_CHECKSUM),
      }).optional(),
      gre: mapping({ checksum: oneOf(['None', 'Standard']).default(DEFAULT_CHECKSUM) }).optional(),
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
      method: oneOf(['Masquerade', 'DirectRouting', 'Tunnel']).default(DEFAULT_FORWARDING),
      tunnel: tunnel().optional(),
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
      upper: wholeNumber(0, MAXIMUM_CONNECTIONS).default(0),
      lower: wholeNumber(0, MAXIMUM_CONNECTIONS).default(0),
    },
    { 'x-kubernetes-validations': [{ rule: 'self.lower <= self.upper', message: RULE.lowerNeedsUpper }] },
  );

const weight = (): z.ZodDefault<z.ZodInt> => wholeNumber(0, MAXIMUM_WEIGHT).default(DEFAULT_WEIGHT);

const realServer = () =>
  mapping({
    address: address(),
    port: port(0).default(0),
    weight: weight(),
    state: oneOf(['Enabled', 'Drain']).default(DEFAULT_STATE),
    forwarding: forwarding().optional(),
    crossFamily: flag().default(false),
    connectionThresholds: connectionThresholds().optional(),
  });

export const realServers = (maximum: number) => list(realServer(), { maximum, keys: ['address', 'port'] });

/** Where further servers come from. */
export const realServerSource = () =>
  mapping({
    endpointSlices: mapping({ serviceName: label('the name of a Service') }),
    defaults: mapping({
      weight: weight(),
      forwarding: forwarding().optional(),
      connectionThresholds: connectionThresholds().optional(),
    }).optional(),
  });
