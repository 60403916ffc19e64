import { createSocket } from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { startUdpProbe } from '../../../src/adapters/probes/udp-probe.js';
import type { UdpCheck } from '../../../src/model/index.js';
import { canMark } from './marks.js';
import { probe, probeTarget, target } from './servers.js';
import { closedDatagramPort, reply, serveDatagrams } from './udp-servers.js';

const KNOCK: UdpCheck = { type: 'UDP', sendHex: '', expectHex: '' };
const ASK: UdpCheck = { type: 'UDP', sendHex: hex('PING\r\n'), expectHex: hex('+PONG') };

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

describe('a UDP probe', () => {
  test('sends what it is told to, and passes by an answer that contains what is expected', async () => {
    const heard: string[] = [];
    const port = await serveDatagrams((socket, bytes, from) => {
      heard.push(bytes.toString('latin1'));
      reply('hello +PONG')(socket, bytes, from);
    });
    expect(await probe(ASK, port)).toBe('L7OK');
    expect(await probe({ ...ASK, sendHex: '00ff80' }, port)).toBe('L7OK');
    expect(await probe({ ...ASK, sendHex: '' }, port)).toBe('L7OK');
    expect(heard).toEqual(['PING\r\n', '\x00\xff\x80', '']);
  });

  test('compares bytes, not characters', async () => {
    const port = await serveDatagrams(reply(Buffer.from('00c3ff', 'hex')));
    expect(await probe({ ...ASK, expectHex: 'c3ff' }, port)).toBe('L7OK');
    expect(await probe({ ...ASK, expectHex: 'c3fe' }, port)).toBe('L7RSP the answer does not contain what is expected');
  });

  test.each([
    ['is silent', () => undefined, 'L7TOUT no answer in time'],
    ['says something else', reply('no'), 'L7RSP the answer does not contain what is expected'],
    ['says nothing in so many words', reply(''), 'L7RSP the answer does not contain what is expected'],
    [
      'says something else for ever',
      reply(...Array.from({ length: 500 }, () => 'x'.repeat(1000))),
      'L7RSP the answer does not contain what is expected',
    ],
  ] as const)('that expects an answer fails where the server %s', async (_, behave, expected) => {
    expect(await probe(ASK, await serveDatagrams(behave))).toBe(expected);
  });

  test('that expects none passes by silence, and by any answer', async () => {
    expect(await probe(KNOCK, await serveDatagrams(() => undefined), 50)).toBe('L4OK');
    expect(await probe(KNOCK, await serveDatagrams(reply('anything')), 10_000)).toBe('L7OK');
    expect(await probe(KNOCK, await serveDatagrams(reply('')), 10_000)).toBe('L7OK');
  });

  test.each([KNOCK, ASK])('fails where nobody listens', async (check) => {
    expect(await probe(check, await closedDatagramPort())).toBe('L4CON connection refused');
  });

  test('asks over IPv6', async () => {
    const port = await serveDatagrams(reply('+PONG'), '::1');
    expect(await probeTarget({ ...target(ASK, port), address: '::1' })).toBe('L7OK');
  });

  test('hears nobody but the server', async () => {
    const port = await serveDatagrams((_, __, from) => {
      const elsewhere = createSocket('udp4');
      elsewhere.send('+PONG', from.port, '127.0.0.1', () => elsewhere.close());
    });
    expect(await probe(ASK, port)).toBe('L7TOUT no answer in time');
  });

  test('asks from the address that it says', async () => {
    const sources: string[] = [];
    const port = await serveDatagrams((socket, bytes, from) => {
      sources.push(from.address);
      reply('+PONG')(socket, bytes, from);
    });
    expect(await probeTarget(target(ASK, port, { sourceAddress: '127.0.0.2' }))).toBe('L7OK');
    expect(sources).toEqual(['127.0.0.2']);
    expect(await probeTarget(target(ASK, port, { sourceAddress: '192.0.2.1' }))).toBe(
      'SOCKERR this host has no free port or address',
    );
    expect(await probeTarget(target(ASK, port, { sourceAddress: '::1' }))).toBe(
      'SOCKERR the source address ::1 is of another family than 127.0.0.1',
    );
  });

  test.skipIf(!canMark())('asks with a mark', async () => {
    const port = await serveDatagrams(reply('+PONG'));
    expect(await probeTarget(target(ASK, port, { firewallMark: 7 }))).toBe('L7OK');
    const refusing = await closedDatagramPort();
    expect(await probeTarget(target(ASK, refusing, { firewallMark: 7 }))).toBe('L4CON connection refused');
  });

  test.each([{}, { sourceAddress: '127.0.0.2' }, ...(canMark() ? [{ firewallMark: 7 }] : [])])(
    'hears its own answer, however many ask the same server: %o',
    async (some) => {
      const port = await serveDatagrams((socket, bytes, from) => {
        reply(bytes)(socket, bytes, from);
      });
      // No more at a time than fit into the server's buffer.
      for (let round = 0; round < 20; round++) {
        const probes = Array.from({ length: 100 }, (_, i) => {
          const bytes = hex(`${100 * round + i} of 2000`);
          return probeTarget(target({ ...ASK, sendHex: bytes, expectHex: bytes }, port, some), 3000);
        });
        expect(new Set(await Promise.all(probes))).toEqual(new Set(['L7OK']));
      }
    },
  );

  test('that is given up at any time leaves nothing open', async () => {
    const port = await serveDatagrams(() => undefined);
    const count = () => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length;
    for (let i = 0; i < 50; i++) {
      const some = i % 3 === 0 ? { sourceAddress: '127.0.0.2' } : {};
      const running = startUdpProbe(target(ASK, port, some), ASK, () => {
        throw new Error('it was given up');
      });
      if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      running.expire();
    }
    // The server's own.
    await expect.poll(count).toBe(1);
  });
});
