import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckMethod } from '../../src/model/index.js';
import { probeTarget, target } from '../adapters/probes/servers.js';
import { reply, serveDatagrams } from '../adapters/probes/udp-servers.js';

// What takes a routing table or sysctls of one's own: whether marks decide about the way of packets, and pings by either
// kind of socket.

const MARK = 7;
const GROUPS = '/proc/sys/net/ipv4/ping_group_range';

const ip = (text: string) => promisify(execFile)('ip', text.split(' '));

const PING: CheckMethod = { type: 'Ping', payloadBytes: 56 };
const CONNECT: CheckMethod = { type: 'TCP', send: '', expect: '' };
const ASK: CheckMethod = { type: 'UDP', sendHex: '', expectHex: '6f6b' };

/** One probe of the loopback in this family. */
function ask(method: CheckMethod, port: number, firewallMark: number | null, address = '127.0.0.1'): Promise<string> {
  return probeTarget({ ...target(method, port, { firewallMark }), address }, 10_000);
}

describe('where packets with a mark have no way', () => {
  const families = [
    ['IPv4', '127.0.0.1', '-4'],
    ['IPv6', '::1', '-6'],
  ] as const;

  beforeAll(async () => {
    // The table of local addresses is asked before all rules but those that come before it.
    for (const [, , family] of families) {
      await ip(`${family} rule add pref 5 fwmark ${MARK} unreachable`);
      await ip(`${family} rule add pref 10 lookup local`);
      await ip(`${family} rule del pref 0`);
    }
  });
  afterAll(async () => {
    for (const [, , family] of families) {
      await ip(`${family} rule add pref 0 lookup local`);
      await ip(`${family} rule del pref 10`);
      await ip(`${family} rule del pref 5`);
    }
  });

  test.each(families)('probes over %s with that mark fail, and others pass', async (_, address) => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const datagrams = await serveDatagrams(reply('ok'), address);
    const outcomes = async (mark: number | null) => [
      await ask(CONNECT, port, mark, address),
      await ask(ASK, datagrams, mark, address),
      await ask(PING, 0, mark, address),
    ];
    expect(await outcomes(null)).toEqual(['L4OK', 'L7OK', 'L4OK']);
    expect(await outcomes(MARK + 1)).toEqual(['L4OK', 'L7OK', 'L4OK']);
    for (const outcome of await outcomes(MARK)) expect(outcome).toMatch(/^L4CON .*(unreachable|EHOSTUNREACH)/);
    server.close();
  });
});

test.each([
  ['as for anybody', '0 2147483647'],
  ['as with CAP_NET_RAW alone', '1 0'],
])('servers of both families are pinged, %s', async (_, groups) => {
  const before = await readFile(GROUPS, 'utf8');
  await writeFile(GROUPS, groups);
  try {
    expect(await ask(PING, 0, null)).toBe('L4OK');
    expect(await ask(PING, 0, MARK + 1, '::1')).toBe('L4OK');
    expect(await ask({ type: 'Ping', payloadBytes: 8000 }, 0, null)).toBe('L4OK');
  } finally {
    await writeFile(GROUPS, before);
  }
});

test('without the right to ping or to mark, the addon says which is missing', async () => {
  const addon = new URL('../../build/Release/ipvs.node', import.meta.url).pathname;
  const script = `
    const { EchoSocket, openSocket } = require(${JSON.stringify(addon)});
    const any = new Uint8Array();
    console.log(new EchoSocket(() => undefined).open(false, any, 7), openSocket(true, false, any, 7));`;
  const command = ['--bounding-set=-net_raw,-net_admin', '--inh-caps=-net_raw,-net_admin', process.execPath];
  const { stdout } = await promisify(execFile)('setpriv', [...command, '-e', script]);
  expect(stdout).toBe(`${constants.errno.EACCES} ${-constants.errno.EPERM}\n`);
});
