import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseAgentLine } from '../../../src/adapters/probes/agent-words.js';
import { probeStarter } from '../../../src/adapters/probes/index.js';
import type { Outcome } from '../../../src/adapters/probes/probe.js';
import { outcomeOf } from './outcome.js';
import { closedPort, serve, target } from './servers.js';

describe('a line of an agent', () => {
  test.each([
    ['up', { advice: { state: 'Up' }, complaint: '' }],
    ['50%', { advice: { weight: { kind: 'Percent', percent: 50 } }, complaint: '' }],
    ['ready 75%', { advice: { mode: 'Ready', weight: { kind: 'Percent', percent: 75 } }, complaint: '' }],
    [
      'UP,ready\t100% maxconn:30',
      { advice: { state: 'Up', mode: 'Ready', weight: { kind: 'Percent', percent: 100 } }, complaint: '' },
    ],
    ['drain', { advice: { mode: 'Drain' }, complaint: '' }],
    ['maint', { advice: { mode: 'Maintenance' }, complaint: 'maint' }],
    ['down', { advice: { state: 'Down' }, complaint: 'down' }],
    ['stopped #for the backup', { advice: { state: 'Down' }, complaint: 'stopped: for the backup' }],
    ['failed#up 50%', { advice: { state: 'Down' }, complaint: 'failed: up 50%' }],
    ['up # all is well', { advice: { state: 'Up' }, complaint: '' }],
    ['up sideways', { advice: { state: 'Up' }, complaint: '' }],
    ['maxconn:30', { advice: {}, complaint: '' }],
    ['', undefined],
    ['sideways', undefined],
    ['#up', undefined],
    ['-5%', undefined],
    ['constructor', undefined],
  ])('%s', (line, expected) => {
    expect(parseAgentLine(line)).toEqual(expected);
  });
});

async function ask(port: number, send = ''): Promise<Outcome> {
  return outcomeOf(probeStarter(), target({ type: 'Agent', send }, port));
}

describe('a probe of an agent', () => {
  test('takes what is said before the line ends, in however many pieces', async () => {
    const port = await serve((socket) => {
      socket.write('ready 5');
      setTimeout(() => socket.write('0%\r\nmaint'), 10);
    });
    const weight = { kind: 'Percent', percent: 50 };
    expect(await ask(port)).toEqual({ code: 'L7OK', message: '', advice: { mode: 'Ready', weight } });
  });

  test('takes a line that ends with the connection', async () => {
    const port = await serve((socket) => socket.end('down #disk full'));
    expect(await ask(port)).toEqual({ code: 'L7STS', message: 'down: disk full', advice: { state: 'Down' } });
  });

  test('says who is meant', async () => {
    const port = await serve((socket) => {
      socket.once('data', (data) => socket.end(data.toString() === 'web/a\n' ? 'up\n' : 'down\n'));
    });
    expect(await ask(port, 'web/a\n')).toMatchObject({ advice: { state: 'Up' } });
  });

  test.each([
    ['speaks another language', (socket) => socket.end('HTTP/1.0 400 Bad Request\r\n'), 'L7RSP'],
    ['says nothing', () => undefined, 'L7TOUT'],
    ['closes at once', (socket) => socket.end(), 'L7RSP'],
    ['ends no line', (socket) => socket.write('up '.repeat(1000)), 'L7RSP'],
    ['says things to terminals', (socket) => socket.end('\u001b[2J\n'), 'L7RSP'],
  ] as [string, (socket: Socket) => void, string][])(
    'says nothing about the server where the agent %s',
    async (_, behave, code) => {
      const outcome = await ask(await serve(behave));
      expect(outcome).toMatchObject({ code, isInconclusive: true });
      expect(outcome.advice).toBeUndefined();
      expect(outcome.message).not.toContain('\u001b');
    },
  );

  test('says nothing about the server where there is no agent', async () => {
    expect(await ask(await closedPort())).toEqual({
      code: 'L4CON',
      message: 'connection refused',
      isInconclusive: true,
    });
  });
});
