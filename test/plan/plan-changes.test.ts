import { describe, expect, test } from 'vitest';
import { describeOperation, serviceKeyText } from '../../src/model/index.js';
import type { ExclusiveClaims, KernelService, RealServer, WantedService } from '../../src/model/index.js';
import { formatPlanProblem, Imprint, planChanges } from '../../src/plan/index.js';
import type { Plan, PlanInput } from '../../src/plan/index.js';
import {
  director,
  NOTHING_TO_DO,
  observed,
  owned,
  planInput,
  server,
  service,
  tcp,
  wanted,
  wantedService,
  WEB,
} from './states.js';

const A = server('192.168.0.1');
const B = server('192.168.0.2');
const OLD = 'VirtualService shop/old';
const CLAIMS: ExclusiveClaims = {
  prefixes: [{ address: '10.0.0.0', length: 16 }],
  firewallMarks: [{ first: 5, last: 6 }],
};

function texts(plan: Plan): readonly string[] {
  return plan.changes.map(({ operation }) => describeOperation(operation));
}

/** A plan for one service of ours that has these servers and shall have others. */
function planServers(existing: readonly RealServer[], servers: readonly RealServer[]): Plan {
  const was = service(tcp('10.0.0.1'), existing);
  const shall = wantedService(service(tcp('10.0.0.1'), servers));
  return planChanges(planInput({ wanted: wanted([shall]), observed: observed([was]), owned: owned([was]) }));
}

/** `count` services of the object shop/web, from 10.1.0.0 on. */
function many(count: number): readonly KernelService[] {
  return Array.from({ length: count }, (_, i) => service(tcp(`10.1.${i >> 8}.${i & 255}`)));
}

describe('one service', () => {
  test('that is missing is added before its servers', () => {
    const plan = planChanges(planInput({ wanted: wanted([wantedService(service(tcp('10.0.0.1'), [A, B]))]) }));
    expect(texts(plan)).toEqual([
      'add service TCP 10.0.0.1:80',
      'add real server 192.168.0.1:8080 to TCP 10.0.0.1:80',
      'add real server 192.168.0.2:8080 to TCP 10.0.0.1:80',
    ]);
    expect(plan.changes.map(({ object }) => object)).toEqual([WEB, WEB, WEB]);
  });

  test('is compared anew by every plan', () => {
    const servers = [A];
    const was = service(tcp('10.0.0.1'), [A]);
    const shall = { ...wantedService(was), servers };
    const input = planInput({ wanted: wanted([shall]), observed: observed([was]), owned: owned([was]) });
    expect(texts(planChanges(input))).toEqual([]);
    servers.push(B);
    expect(texts(planChanges(input))).toEqual(['add real server 192.168.0.2:8080 to TCP 10.0.0.1:80']);
  });

  test('is edited in place, with what it was', () => {
    const was = service(tcp('10.0.0.1'), [A], { scheduler: 'rr' });
    const shall = wantedService(service(tcp('10.0.0.1'), [A]));
    const plan = planChanges(planInput({ wanted: wanted([shall]), observed: observed([was]), owned: owned([was]) }));
    expect(plan.changes).toEqual([
      {
        operation: { kind: 'EditService', key: shall.key, settings: shall.settings },
        before: { settings: was.settings },
        object: WEB,
      },
    ]);
  });

  test.each<[string, Partial<RealServer>]>([
    ['weight', { weight: 5 }],
    ['forwarding method', { forwarding: 'DirectRouting' }],
    ['tunnel', { forwarding: 'Tunnel', tunnel: { type: 'IPIP' } }],
    ['upper threshold', { upperThreshold: 10 }],
    ['lower threshold', { upperThreshold: 10, lowerThreshold: 5 }],
  ])('has servers whose %s is edited in place', (_, fields) => {
    const plan = planServers([A, B], [A, { ...B, ...fields }]);
    expect(texts(plan)).toEqual(['edit real server 192.168.0.2:8080 of TCP 10.0.0.1:80']);
    expect(plan.changes[0]?.before).toEqual({ server: B });
  });

  test('gets new servers before old ones go or lose their weight', () => {
    const drained = { ...A, weight: 0 };
    const revived = server('192.168.0.3');
    const plan = planServers([B, A, { ...revived, weight: 0 }], [drained, server('192.168.0.4'), revived]);
    expect(texts(plan)).toEqual([
      'add real server 192.168.0.4:8080 to TCP 10.0.0.1:80',
      'edit real server 192.168.0.3:8080 of TCP 10.0.0.1:80',
      'edit real server 192.168.0.1:8080 of TCP 10.0.0.1:80',
      'delete real server 192.168.0.2:8080 from TCP 10.0.0.1:80',
    ]);
  });

  test('with very many servers in any order is compared by address and port', () => {
    const servers = Array.from({ length: 1024 }, (_, i) => server(`192.168.${i >> 8}.${i & 255}`));
    const shuffled = servers.toSorted((a, b) =>
      a.address.slice(-1) + a.address < b.address.slice(-1) + b.address ? -1 : 1,
    );
    expect(planServers(shuffled, servers).changes).toEqual([]);
    expect(texts(planServers(shuffled, servers.slice(1)))).toHaveLength(1);
  });
});

test('servers of a group of services come after the services, and groups after each other', () => {
  const services = many(501).map((entry) => wantedService({ ...entry, servers: [A] }));
  const kinds = planChanges(planInput({ wanted: wanted(services) })).changes.map(({ operation }) => operation.kind);
  expect(kinds.lastIndexOf('AddService')).toBe(1000);
  expect(kinds.slice(0, 500).every((kind) => kind === 'AddService')).toBe(true);
  expect(kinds.slice(500, 1000).every((kind) => kind === 'AddServer')).toBe(true);
  expect(kinds.at(-1)).toBe('AddServer');
});

test('services go last, after the servers of others', () => {
  const old = service(tcp('10.0.0.9'), [A]);
  const web = service(tcp('10.0.0.1'), [A]);
  const plan = planChanges(
    planInput({
      wanted: wanted([wantedService(service(tcp('10.0.0.1'), [B]))]),
      observed: observed([old, web]),
      owned: owned([old, web]),
    }),
  );
  expect(texts(plan)).toEqual([
    'add real server 192.168.0.2:8080 to TCP 10.0.0.1:80',
    'delete real server 192.168.0.1:8080 from TCP 10.0.0.1:80',
    'delete service TCP 10.0.0.9:80',
  ]);
  expect(plan.changes[2]).toMatchObject({ before: { serverCount: 1 }, object: WEB });
});

describe('a service that nobody wants', () => {
  const unwanted = service(tcp('10.0.0.9'), [A]);
  const key = serviceKeyText(unwanted.key);
  const web = wantedService(service(tcp('10.0.0.1'), [A]));
  const base = { observed: observed([unwanted, web]), owned: owned([web]) };
  const withOwner = (object: string, set = 'default'): PlanInput['owned'] =>
    new Map([...base.owned, [key, { object, set }]]);
  const goes = ['delete service TCP 10.0.0.9:80'];

  test.each<
    [string, Partial<Omit<PlanInput, 'options'>> & { options?: Partial<PlanInput['options']> }, readonly string[]]
  >([
    ['goes where its object is declared and does not name it any more', { owned: withOwner(WEB) }, goes],
    ['goes likewise where it was made in another set', { owned: withOwner(WEB, 'blue') }, goes],
    ['stays where its whole object is gone', { owned: withOwner(OLD) }, []],
    ['goes then with pruning', { owned: withOwner(OLD), options: { prune: true } }, goes],
    ['stays then with pruning of another set', { owned: withOwner(OLD, 'blue'), options: { prune: true } }, []],
    ['stays where someone else made it', {}, []],
    ['stays then even with pruning and adoption', { options: { prune: true, adopt: true } }, []],
    [
      'goes then within the exclusive claims',
      { wanted: wanted([web], { director: director({ exclusive: CLAIMS }) }) },
      goes,
    ],
    [
      'stays within the exclusive claims where it is of an object that is gone',
      { wanted: wanted([web], { director: director({ exclusive: CLAIMS }) }), owned: withOwner(OLD) },
      [],
    ],
    [
      'stays where it is suspended',
      { wanted: wanted([web], { suspended: new Map([[key, WEB]]) }), owned: withOwner(WEB) },
      [],
    ],
  ])('%s', (_, fields, expected) => {
    expect(texts(planChanges(planInput({ wanted: wanted([web]), ...base, ...fields })))).toEqual(expected);
  });

  test('is named as an orphan where pruning would remove it', () => {
    const plan = planChanges(planInput({ wanted: wanted([web]), ...base, owned: withOwner(OLD) }));
    expect(plan.orphans).toEqual([{ key, object: OLD, set: 'default' }]);
  });

  test.each([
    [4, false],
    [5, true],
    [6, true],
    [7, false],
  ])('by firewall mark %i within the claimed marks goes: %s', (firewallMark, expected) => {
    const plan = planChanges(
      planInput({
        wanted: wanted([], { director: director({ exclusive: CLAIMS }) }),
        observed: observed([service({ firewallMark, family: 'IPv6' })]),
      }),
    );
    expect(plan.changes.length > 0).toBe(expected);
  });
});

describe('a wanted service that exists', () => {
  const existing = service(tcp('10.0.0.1'), [B]);
  const web = wantedService(service(tcp('10.0.0.1'), [A]));
  const key = serviceKeyText(web.key);
  const plan = (fields: Parameters<typeof planInput>[0]): Plan =>
    planChanges(planInput({ wanted: wanted([web]), observed: observed([existing]), ...fields }));

  test('and is foreign is a problem and stays untouched', () => {
    expect(plan({})).toEqual({ ...NOTHING_TO_DO, problems: [{ kind: 'ForeignService', key, object: WEB }] });
  });

  test.each<[string, Parameters<typeof planInput>[0]]>([
    ['the flag', { options: { adopt: true } }],
    ['the director', { wanted: wanted([web], { director: director({ adopt: true }) }) }],
    ['the exclusive claims', { wanted: wanted([web], { director: director({ exclusive: CLAIMS }) }) }],
  ])('and is foreign is adopted by %s, and edited', (_, fields) => {
    const adopted = plan(fields);
    expect(adopted.adoptions).toEqual([{ key, object: WEB }]);
    expect(texts(adopted)).toEqual([
      'add real server 192.168.0.1:8080 to TCP 10.0.0.1:80',
      'delete real server 192.168.0.2:8080 from TCP 10.0.0.1:80',
    ]);
  });

  test.each([
    ['another object', { object: OLD, set: 'default' }],
    ['another set', { object: WEB, set: 'blue' }],
  ])('moves from %s without interruption', (_, from) => {
    const moved = planChanges(
      planInput({ wanted: wanted([web]), observed: observed([web]), owned: new Map([[key, from]]) }),
    );
    expect(moved).toMatchObject({ changes: [], adoptions: [{ key, object: WEB, from }], problems: [] });
  });

  test('and belongs to another object of another set is a problem, unless it is adopted', () => {
    const owner = { object: OLD, set: 'blue' };
    const fields = { owned: new Map([[key, owner]]) };
    const refused = plan(fields);
    expect(refused).toMatchObject({ changes: [], problems: [{ kind: 'ForeignService', key, object: WEB, owner }] });
    expect(refused.problems.map(formatPlanProblem)).toEqual([
      `${key} of ${WEB} belongs to ${OLD} of the set "blue" and is left as it is. --adopt takes it over.`,
    ]);
    const adopted = plan({ ...fields, options: { adopt: true } });
    expect(adopted).toMatchObject({ adoptions: [{ key, object: WEB, from: owner }], problems: [] });
  });
});

describe('a service that was about to be made when the program was killed', () => {
  const made = service(tcp('10.0.0.1'), [A, B]);
  const key = serviceKeyText(made.key);
  const imprint = new Imprint(made.settings);
  for (const one of made.servers) imprint.addServer(one);
  const entry = { object: WEB, set: 'default', imprint: imprint.text };
  const plan = (existing: KernelService, services: readonly WantedService[]): Plan =>
    planChanges(
      planInput({
        wanted: wanted(services, { objects: new Set([WEB]) }),
        observed: observed([existing]),
        owned: new Map([[key, entry]]),
      }),
    );

  test.each<[string, KernelService]>([
    ['complete', made],
    ['without servers yet', { ...made, servers: [] }],
    ['with some of its servers', { ...made, servers: [B] }],
    ['with a server of another weight', { ...made, servers: [{ ...A, weight: 7 }] }],
  ])('is ours %s, whatever is wanted now', (_, existing) => {
    const now = wantedService(service(tcp('10.0.0.1'), [server('192.168.0.3')], { scheduler: 'rr' }));
    const kept = plan(existing, [now]);
    expect(kept).toMatchObject({ stale: [], confirmed: [key], problems: [] });
    expect(texts(kept)).toContain('add real server 192.168.0.3:8080 to TCP 10.0.0.1:80');
    expect(texts(plan(existing, []))).toEqual(['delete service TCP 10.0.0.1:80']);
  });

  test.each<[string, KernelService]>([
    ['another scheduler', service(tcp('10.0.0.1'), [A], { scheduler: 'rr' })],
    [
      'persistence',
      service(tcp('10.0.0.1'), [], { persistence: { timeoutSeconds: 300, netmask: '255.255.255.255', engine: '' } }),
    ],
    ['another server', service(tcp('10.0.0.1'), [A, server('192.168.0.9')])],
    ['a server at another port', service(tcp('10.0.0.1'), [{ ...A, port: 81 }])],
  ])("is somebody else's with %s", (_, existing) => {
    expect(plan(existing, [wantedService(made)])).toMatchObject({
      changes: [],
      stale: [key],
      confirmed: [],
      problems: [{ kind: 'ForeignService', key, object: WEB }],
    });
    expect(plan(existing, [])).toMatchObject({ changes: [], stale: [key], confirmed: [], problems: [] });
  });
});

test('inventory entries of what is neither there nor wanted are stale', () => {
  const web = wantedService(service(tcp('10.0.0.1')));
  const plan = planChanges(planInput({ wanted: wanted([web]), owned: owned([web, { key: tcp('10.0.0.9') }]) }));
  expect(plan.stale).toEqual(['TCP 10.0.0.9:80']);
});

describe('careful removal', () => {
  const remove = (count: number, of: number, options: Partial<PlanInput['options']> = {}): Plan => {
    const all = many(of);
    const stay = all.slice(count).map((entry) => wantedService(entry));
    return planChanges(
      planInput({
        wanted: wanted(stay, { objects: new Set([WEB]) }),
        observed: observed(all),
        owned: owned(all),
        options,
      }),
    );
  };

  test.each([
    [10, 10, true],
    [10, 11, true],
    [11, 11, false],
    [11, 21, false],
    [11, 22, true],
    [50, 100, true],
    [51, 100, false],
  ])('of %i of %i services is allowed: %s', (count, of, allowed) => {
    const plan = remove(count, of);
    expect(plan.changes).toHaveLength(allowed ? count : 0);
    expect(plan.problems).toHaveLength(allowed ? 0 : 1);
    if (!allowed) expect(plan.problems[0]).toMatchObject({ kind: 'RemovalsHeldBack', total: of });
  });

  test.each([
    [51, true],
    [50, false],
    [0, false],
  ])('of 51 of 100 with a maximum of %i is allowed: %s', (maximumRemovals, allowed) => {
    expect(remove(51, 100, { maximumRemovals }).changes).toHaveLength(allowed ? 51 : 0);
  });

  test('holds back the removals alone; entries without a service do not count as services', () => {
    const all = many(20);
    const news = wantedService(service(tcp('10.9.0.1')));
    const gone = Array.from({ length: 100 }, (_, i) => ({ key: tcp('10.8.0.1', i + 1) }));
    const plan = planChanges(
      planInput({ wanted: wanted([news]), observed: observed(all), owned: owned([...all, ...gone]) }),
    );
    expect(texts(plan)).toEqual(['add service TCP 10.9.0.1:80']);
    expect(plan.problems).toMatchObject([{ kind: 'RemovalsHeldBack', total: 20, limit: 10 }]);
  });
});

describe('pruning', () => {
  const old = many(3);
  const input = planInput({ observed: observed(old), owned: owned(old, { object: OLD }), options: { prune: true } });

  test('never leaves nothing of a set', () => {
    const plan = planChanges(input);
    expect(plan.changes).toEqual([]);
    expect(plan.problems).toEqual([
      { kind: 'EmptySet', set: 'default', keys: old.map(({ key }) => serviceKeyText(key)) },
    ]);
  });

  test('empties a set where that is allowed', () => {
    expect(planChanges({ ...input, options: { ...input.options, allowEmpty: true } }).changes).toHaveLength(3);
  });

  test('goes on where other services of the set stay or come', () => {
    const state = wanted([wantedService(service(tcp('10.0.0.1')))]);
    expect(planChanges({ ...input, wanted: state }).changes).toHaveLength(4);
  });
});
