import { describe, expect, test } from 'vitest';
import { EchoSockets } from '../../../src/adapters/probes/echo-sockets.js';
import { startPingProbe } from '../../../src/adapters/probes/ping-probe.js';
import type { Target } from '../../../src/health/index.js';
import type { PingCheck } from '../../../src/model/index.js';
import { canMark } from './marks.js';
import { probeTarget, target } from './servers.js';

const PING: PingCheck = { type: 'Ping', payloadBytes: 56 };

function at(address: string, some: Partial<Target['check']> = {}): Target {
  return { ...target(PING, 0, some), address };
}

/** Whether this process may ping at all. */
async function canPing(): Promise<boolean> {
  return !(await probeTarget(at('127.0.0.1'))).startsWith('SOCKERR');
}

describe.skipIf(!(await canPing()))('a ping', () => {
  test.each(['127.0.0.1', '127.1.2.3', '::1'])('is answered by %s', async (address) => {
    expect(await probeTarget(at(address))).toBe('L4OK');
  });

  test.each([16, 17, 1400, 65_000])('carries %i bytes', async (payloadBytes) => {
    for (const address of ['127.0.0.1', '::1']) {
      const asked = { ...target({ ...PING, payloadBytes }, 0), address };
      expect(await probeTarget(asked)).toBe('L4OK');
    }
  });

  test('fails where nobody answers', async () => {
    // Sent out, or known to have no way: the network of the host decides. TEST-NET-2.
    expect(await probeTarget(at('198.51.100.77'), 100)).toMatch(/^(L4TOUT no answer in time|L4CON .+)$/);
  });

  test('fails at once where there is no way to a server', async () => {
    expect(await probeTarget(at('255.255.255.255'), 100)).toMatch(/^(SOCKERR|L4CON) /);
  });

  test('comes from the address that it says', async () => {
    expect(await probeTarget(at('127.0.0.1', { sourceAddress: '127.0.0.2' }))).toBe('L4OK');
    expect(await probeTarget(at('127.0.0.1', { sourceAddress: '192.0.2.1' }))).toBe(
      'SOCKERR this host has no free port or address',
    );
    expect(await probeTarget(at('127.0.0.1', { sourceAddress: '::1' }))).toBe(
      'SOCKERR the source address ::1 is of another family than 127.0.0.1',
    );
  });

  test.skipIf(!canMark())('comes with a mark', async () => {
    expect(await probeTarget(at('127.0.0.1', { firewallMark: 7 }))).toBe('L4OK');
    expect(await probeTarget(at('::1', { firewallMark: 7, sourceAddress: '::1' }))).toBe('L4OK');
  });

  test('is told apart from thousands of others, and every one that is given up says no more', async () => {
    const sockets = new EchoSockets();
    const answered = new Set<number>();
    const given = new Set<number>();
    const probes = Array.from({ length: 2000 }, (_, i) =>
      startPingProbe(at(`127.0.${i >> 8}.${i & 0xff || 1}`), PING, sockets, ({ code }) => {
        expect(code).toBe('L4OK');
        answered.add(i);
      }),
    );
    for (let i = 0; i < probes.length; i += 2) {
      if (!answered.has(i)) expect(probes[i]?.expire()).toEqual({ code: 'L4TOUT', message: 'no answer in time' });
      given.add(i);
    }
    await expect.poll(() => answered.size).toBe(1000);
    expect([...answered].some((i) => given.has(i))).toBe(false);
  });

  test('works again after all sockets were closed', async () => {
    const sockets = new EchoSockets();
    for (let i = 0; i < 3; i++) {
      const code = await new Promise<string>((resolve) => {
        startPingProbe(at('127.0.0.1'), PING, sockets, (outcome) => {
          resolve(outcome.code);
        });
      });
      expect(code).toBe('L4OK');
    }
  });
});
