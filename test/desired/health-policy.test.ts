import { describe, expect, test } from 'vitest';
import { deriveWanted, readDocuments } from '../../src/desired/index.js';
import type { VirtualServiceDocument } from '../../src/desired/index.js';
import type { ServicePolicy } from '../../src/model/index.js';
import { director, virtualService } from './documents.js';

type Spec = VirtualServiceDocument['spec'];

const FRONT: Spec = {
  addresses: ['10.0.0.1'],
  ports: [{ port: 80, targetPort: 8080 }],
  realServers: [{ address: '192.168.0.1', weight: 3 }],
};

async function wantedOf(spec: Partial<Spec>) {
  const { wanted } = await deriveWanted([virtualService('web', { ...FRONT, ...spec })]);
  return wanted.services.get('TCP 10.0.0.1:80');
}

async function policyOf(spec: Partial<Spec>): Promise<ServicePolicy | undefined> {
  return (await wantedOf(spec))?.policy;
}

describe('the policy of a service', () => {
  test('is absent where nothing decides about its servers', async () => {
    expect(await policyOf({})).toBeUndefined();
  });

  test('has all defaults filled in', async () => {
    expect(await policyOf({ health: { checks: [{ name: 'open', type: 'TCP' }] } })).toEqual({
      checks: [
        {
          intervalMilliseconds: 5000,
          timeoutMilliseconds: 2000,
          rise: 1,
          fall: 3,
          address: null,
          target: 'RealServer',
          sourceAddress: null,
          firewallMark: null,
          port: null,
          method: { type: 'TCP', send: '', expect: '' },
        },
      ],
      initialState: 'Passing',
      onFailure: 'Remove',
      quorum: { measure: 'Count', minimum: 1, hysteresis: 0 },
      whenNoneAvailable: 'Drop',
      sorryServers: [],
      drainMilliseconds: null,
      slowStartMilliseconds: null,
    });
  });

  test('has statuses as ranges', async () => {
    const statusesOf = async (http: object) => {
      const method = (await policyOf({ health: { checks: [{ name: 'page', type: 'HTTP', http }] } }))?.checks[0]
        ?.method;
      return method?.type === 'HTTP' ? method.statuses : undefined;
    };
    expect(await statusesOf({})).toEqual([{ first: 200, last: 399 }]);
    expect(await statusesOf({ expectStatus: ['204', '300-302'] })).toEqual([
      { first: 204, last: 204 },
      { first: 300, last: 302 },
    ]);
  });

  test('has what agents, programs and headers are asked', async () => {
    const policy = await policyOf({
      health: {
        checks: [
          { name: 'agent', type: 'Agent' },
          { name: 'own', type: 'Exec', exec: { command: ['check', '-v'] } },
          { name: 'page', type: 'HTTP', http: { weightHeader: 'X-Weight' } },
        ],
      },
    });
    expect(policy?.checks.map(({ method }) => method)).toMatchObject([
      { type: 'Agent', send: '' },
      { type: 'Exec', command: ['check', '-v'], environment: [] },
      { type: 'HTTP', weightHeader: 'x-weight' },
    ]);
  });

  test('has sorry servers as the port has its servers', async () => {
    expect((await policyOf({ sorryServers: [{ address: '192.168.0.9' }] }))?.sorryServers).toMatchObject([
      { address: '192.168.0.9', port: 8080, weight: 1 },
    ]);
  });

  test('with slow start counts weights a hundred times, in the quorum too', async () => {
    const spec: Partial<Spec> = { slowStart: { durationSeconds: 60 }, quorum: { minimumWeight: 2, hysteresis: 1 } };
    const service = await wantedOf(spec);
    expect(service?.servers).toMatchObject([{ weight: 300 }]);
    expect(service?.policy).toMatchObject({
      slowStartMilliseconds: 60_000,
      quorum: { measure: 'Weight', minimum: 200, hysteresis: 100 },
    });
  });
});

test.each([
  ['(', 'expected a regular expression: Invalid regular expression: /(/: Unterminated group'],
  ['^ok$', undefined],
])('the pattern %s of a body is looked at', async (pattern, message) => {
  const { value } = virtualService('web', {
    ...FRONT,
    health: { checks: [{ name: 'page', type: 'HTTP', http: { expectBodyPattern: pattern } }] },
  });
  const { issues } = await readDocuments('web.json', JSON.stringify(value));
  expect(issues[0]?.message).toEqual(message);
});

test('a check asks no address that may be no server', async () => {
  const web = virtualService('web', {
    ...FRONT,
    health: { checks: [{ name: 'open', type: 'TCP', address: '172.16.0.1' }] },
  });
  const { issues } = await deriveWanted([web, director('edge', { allowedServerCIDRs: ['192.168.0.0/16'] })]);
  expect(issues).toMatchObject([
    {
      reason: 'NotAllowed',
      path: 'spec.health.checks[0].address',
      message: '172.16.0.1 is in none of the allowedServerCIDRs of Director edge',
    },
  ]);
});

test('a check of a virtual address asks it behind a mark, whatever addresses servers may have', async () => {
  const marked = virtualService('web', {
    firewallMark: { value: 7, addressFamilies: ['IPv4'] },
    forwarding: { method: 'DirectRouting' },
    realServers: [{ address: '192.168.0.1' }],
    health: { checks: [{ name: 'open', type: 'TCP', port: 80, target: 'VirtualAddress', address: '10.0.0.1' }] },
  });
  const { issues } = await deriveWanted([marked, director('edge', { allowedServerCIDRs: ['192.168.0.0/16'] })]);
  expect(issues).toEqual([]);
});
