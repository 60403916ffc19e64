import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VirtualServiceDocument } from '../../src/desired/index.js';
import { findServiceContradictions } from '../../src/desired/rules/index.js';
import { isTooSimpleToContradict } from '../../src/desired/rules/simple.js';

const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::1', '2001:db8::2');

function optional<T>(value: fc.Arbitrary<T>, weight = 6): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

const forwarding = fc.constantFrom(
  { method: 'Tunnel' },
  { method: 'DirectRouting' },
  { tunnel: { type: 'GRE' } },
) as fc.Arbitrary<VirtualServiceDocument['spec']['forwarding']>;

const server = fc.record({
  address,
  weight: fc.constantFrom(0, 1, 60_000),
  port: optional(fc.constantFrom(0, 8080)),
  forwarding: optional(forwarding),
  crossFamily: optional(fc.boolean()),
  connectionThresholds: optional(fc.constantFrom({ upper: 1 }, { upper: 1, lower: 2 })),
});

const spec = fc.record({
  addresses: optional(fc.array(address, { minLength: 1, maxLength: 3 }), 0),
  ports: optional(
    fc.array(
      fc.record({
        port: fc.constantFrom(0, 80, 443),
        protocol: optional(fc.constantFrom('TCP', 'UDP')),
        targetPort: optional(fc.constant(8080)),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    0,
  ),
  realServers: optional(fc.array(server, { maxLength: 4 }), 1),
  sorryServers: optional(fc.array(server, { maxLength: 2 })),
  firewallMark: optional(fc.constant({ value: 7 })),
  forwarding: optional(forwarding),
  onePacketScheduling: optional(fc.boolean()),
  schedulerFlags: optional(fc.constant(['sh-port'])),
  persistence: optional(fc.constant({})),
  slowStart: optional(fc.constant({ durationSeconds: 60 })),
  quorum: optional(fc.constant({ minimumHealthy: 1, minimumWeight: 2 })),
  nodeSelector: optional(fc.constant({ matchExpressions: [{ key: 'a', operator: 'In' }] })),
}) as fc.Arbitrary<VirtualServiceDocument['spec']>;

test('what is too simple to contradict itself does not', () => {
  let simple = 0;
  fc.assert(
    fc.property(spec, (value) => {
      if (!isTooSimpleToContradict(value)) return;
      simple++;
      expect(findServiceContradictions(value)).toEqual([]);
    }),
    { numRuns: 5000 },
  );
  expect(simple).toBeGreaterThan(20);
});
