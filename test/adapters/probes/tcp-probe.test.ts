import { describe, expect, test } from 'vitest';
import type { TcpCheck } from '../../../src/model/index.js';
import { closedPort, probe, serve } from './servers.js';

const OPEN: TcpCheck = { type: 'TCP', send: '', expect: '' };
const PING: TcpCheck = { type: 'TCP', send: 'PING\r\n', expect: '+PONG' };

describe('a TCP probe', () => {
  test('passes where somebody accepts', async () => {
    expect(await probe(OPEN, await serve(() => undefined))).toBe('L4OK');
  });

  test('fails where nobody listens', async () => {
    expect(await probe(OPEN, await closedPort())).toBe('L4CON connection refused');
  });

  test('passes where what is expected comes, in however many pieces', async () => {
    const port = await serve((socket) => {
      socket.once('data', (data) => {
        expect(data.toString()).toBe('PING\r\n');
        socket.write('hello +PO');
        setTimeout(() => socket.write('NG'), 10);
      });
    });
    expect(await probe(PING, port)).toBe('L7OK');
  });

  test.each([
    ['says nothing', () => undefined, 'L7TOUT no answer in time'],
    ['closes at once', (socket) => socket.end(), 'L7RSP the server closed before it said what is expected'],
    [
      'says something else for ever',
      (socket) => {
        const flood = (): void => {
          while (socket.writable && socket.write('x'.repeat(10_000)));
        };
        socket.on('drain', flood);
        flood();
      },
      'L7RSP what is expected does not come',
    ],
    [
      'sends a byte now and then',
      (socket) => {
        const timer = setInterval(() => socket.write('+'), 50);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
      'L7TOUT no answer in time',
    ],
  ] as [string, Parameters<typeof serve>[0], string][])('fails where the server %s', async (_, behave, expected) => {
    expect(await probe(PING, await serve(behave))).toBe(expected);
  });

  test('fails where the server resets, be it heard before or after the connection', async () => {
    expect(await probe(PING, await serve((socket) => socket.resetAndDestroy()))).toMatch(/^L[47]\w+ connection reset$/);
  });

  test('leaves nothing open at the server', async () => {
    const closed = new Promise((resolve) => {
      void serve((socket) => socket.on('close', resolve)).then((port) => probe(PING, port));
    });
    await closed;
  });
});
