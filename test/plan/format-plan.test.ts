import { describe, expect, test } from 'vitest';
import { formatPlan, planChanges, planToJson } from '../../src/plan/index.js';
import type { Plan } from '../../src/plan/index.js';
import { director, observed, owned, planInput, server, service, tcp, wanted, wantedService } from './states.js';

const DNS = 'VirtualService shop/dns';
const OLD = 'VirtualService shop/old';

/** Something of everything. */
function richPlan(): Plan {
  const added = service(
    { protocol: 'UDP', address: '2001:db8::1', port: 53 },
    [
      server('fd00::1', { forwarding: 'Tunnel', tunnel: { type: 'GUE', port: 6080, checksum: 'None' } }),
      server('fd00::2', { upperThreshold: 100, lowerThreshold: 80, weight: 0 }),
    ],
    { scheduler: 'sh', schedulerFlags: 3, persistence: { timeoutSeconds: 300, netmask: '64', engine: 'sip' } },
  );
  const edited = service(tcp('10.0.0.1'), [server('192.168.0.1', { weight: 2 }), server('192.168.0.2')], {
    scheduler: 'wrr',
  });
  const was = service(
    tcp('10.0.0.1'),
    [server('192.168.0.1'), server('192.168.0.3', { forwarding: 'DirectRouting' })],
    { persistence: { timeoutSeconds: 60, netmask: '255.255.255.255', engine: '' } },
  );
  const foreign = service(tcp('10.0.0.5'));
  const moved = service(tcp('10.0.0.6'));
  const kept = [service(tcp('10.0.0.7'))];
  const goes = service(tcp('10.0.1.1'), [server('192.168.0.1'), server('192.168.0.2')]);
  const stray = service(tcp('10.9.0.1'), [server('192.168.0.1')]);
  return planChanges(
    planInput({
      wanted: wanted([wantedService(added, DNS), wantedService(edited), wantedService(foreign), wantedService(moved)], {
        director: director({
          timeouts: { tcpSeconds: 600 },
          sysctls: { sync_threshold: '3 60', nonsense: '1' },
          daemons: [
            { role: 'Master', interface: 'eth1', syncId: 51 },
            { role: 'Backup', interface: 'eth0', syncId: 51 },
          ],
          exclusive: { prefixes: [{ address: '10.9.0.0', length: 16 }], firewallMarks: [] },
        }),
      }),
      observed: observed([was, foreign, moved, ...kept, goes, stray], {
        timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
        sysctls: { sync_threshold: '3\t50' },
        daemons: [{ role: 'Master', interface: 'eth0', syncId: 51, port: 8848 }],
      }),
      owned: new Map([...owned([was, goes]), ...owned([moved], { object: DNS }), ...owned(kept, { object: OLD })]),
    }),
  );
}

test('a plan reads by object, then by service, and ends with the counts', () => {
  expect([...formatPlan(richPlan())].join('\n')).toMatchInlineSnapshot(`
    "VirtualService shop/web
      > TCP 10.0.0.6:80  (from VirtualService shop/dns)
      ~ TCP 10.0.0.1:80  scheduler: wlc -> wrr, persistence: 60 s -> none
          ~ 192.168.0.1:8080  weight: 1 -> 2
          + 192.168.0.2:8080  forwarding Masquerade, weight 1
          - 192.168.0.3:8080
      - TCP 10.0.1.1:80  with 2 real servers

    Director edge
      ~ sysctl sync_threshold  3 50 -> 3 60
      ~ timeouts  tcp: 900 s -> 600 s
      ~ sync-daemon Master  interface: eth0 -> eth1  (stops and starts again)
      + sync-daemon Backup  interface eth0, sync id 51

    VirtualService shop/dns
      + UDP [2001:db8::1]:53  scheduler sh, flags sh-fallback+sh-port, persistence 300 s (netmask 64, engine sip)
          + [fd00::1]:8080  forwarding Tunnel GUE (port 6080, checksum None), weight 1
          + [fd00::2]:8080  forwarding Masquerade, weight 0, upper threshold 100, lower threshold 80

    Declared nowhere, within the exclusive claims
      - TCP 10.9.0.1:80  with 1 real server

    Not declared any more, and left as they are (--prune removes them):
        TCP 10.0.0.7:80  VirtualService shop/old

    ! The kernel has no sysctl net.ipv4.vs.nonsense, which Director edge sets.
    ! TCP 10.0.0.5:80 of VirtualService shop/web was made by someone else and is left as it is. --adopt, or the Director's ownership, takes it over.

    Plan: services 1 to add, 1 to change, 2 to remove; real servers 3 to add, 1 to change, 4 to remove; director settings 1 to add, 3 to change, 0 to remove; 1 to take over."
  `);
});

test('colours mark the signs and the headings', () => {
  const web = wantedService(service(tcp('10.0.0.1')));
  const lines = [...formatPlan(planChanges(planInput({ wanted: wanted([web]) })), { color: true })];
  expect(lines.slice(0, 2)).toEqual([
    '\u001b[1mVirtualService shop/web\u001b[0m',
    '  \u001b[32m+\u001b[0m TCP 10.0.0.1:80  scheduler wlc',
  ]);
});

describe('the last line', () => {
  const last = (plan: Plan): string | undefined => [...formatPlan(plan)].at(-1);
  const web = wantedService(service(tcp('10.0.0.1')));

  test('says that nothing is to do', () => {
    expect(last(planChanges(planInput({})))).toBe('No changes. The kernel matches what is declared.');
  });

  test('does not say so where something is held back', () => {
    const plan = planChanges(planInput({ wanted: wanted([web]), observed: observed([web]) }));
    expect(last(plan)).toBe('No changes, apart from what the problems above hold back.');
  });

  test('counts the services that are only taken over', () => {
    const plan = planChanges(planInput({ wanted: wanted([web]), observed: observed([web]), options: { adopt: true } }));
    expect(last(plan)).toBe('Plan: 1 to take over.');
  });
});

test('what is held back is named in full', () => {
  const old = Array.from({ length: 30 }, (_, i) => service(tcp('10.0.0.1', i + 1)));
  const plan = planChanges(
    planInput({
      wanted: wanted([], { objects: new Set([OLD]) }),
      observed: observed(old),
      owned: owned(old, { object: OLD }),
    }),
  );
  const lines = [...formatPlan(plan)];
  expect(lines[0]).toBe(
    '! Held back: 30 of 30 services would go, and no more than 15 may at once. --max-removals 30 allows it.',
  );
  expect(lines.filter((line) => line.startsWith('    TCP'))).toHaveLength(30);
});

test('as data a plan names things by their texts and counts them', () => {
  const plan = richPlan();
  const json = JSON.parse(JSON.stringify(planToJson(plan))) as Record<string, unknown[]>;
  expect(json['changes']).toHaveLength(plan.changes.length);
  expect(json['changes']).toContainEqual({
    operation: 'DeleteServer',
    object: 'VirtualService shop/web',
    service: 'TCP 10.0.0.1:80',
    server: '192.168.0.3:8080',
    before: { server: server('192.168.0.3', { forwarding: 'DirectRouting' }) },
  });
  expect(json['counts']).toEqual({
    services: { add: 1, change: 1, remove: 2 },
    realServers: { add: 3, change: 1, remove: 4 },
    directorSettings: { add: 1, change: 3, remove: 0 },
    adoptions: 1,
  });
  expect(json['problems']?.[0]).toMatchObject({ kind: 'UnknownSysctl', message: expect.any(String) as string });
});
