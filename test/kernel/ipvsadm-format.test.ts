import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIpvsKernel } from '../../src/adapters/netlink/index.js';
import { ipvsadmLines } from '../../src/cli/output/ipvsadm-format.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { runWell } from '../e2e/process.js';

/** The lines of both programs for the table of this file's own network namespace. */
let kernel: IpvsKernel;
beforeAll(async () => {
  kernel = await openIpvsKernel();
  await runWell(['modprobe', 'ip_vs_pe_sip']);
});
afterAll(() => kernel.close());

async function ours(): Promise<readonly string[]> {
  const table = await kernel.readTable();
  return [...table.values()].map(ipvsadmLines).join('').trimEnd().split('\n').sort();
}

async function theirs(): Promise<readonly string[]> {
  return (await runWell(['ipvsadm', '-Sn'])).trimEnd().split('\n').map(withUnsignedMark).sort();
}

/** ipvsadm prints large firewall marks as negative numbers, which it does not read back. */
function withUnsignedMark(line: string): string {
  return line.replace(/ -f (-\d+)/, (_, mark: string) => ` -f ${Number(mark) + 2 ** 32}`);
}

async function restore(lines: readonly string[]): Promise<void> {
  await runWell(['ipvsadm', '-C']);
  await runWell(['ipvsadm', '-R'], { stdin: `${lines.join('\n')}\n` });
}

const WAYS = [
  '-m',
  '-g',
  '-i',
  '-i --tun-type gre',
  '-i --tun-type gre --tun-csum',
  '-i --tun-type gue --tun-port 6080',
  '-i --tun-type gue --tun-port 6080 --tun-csum',
  '-i --tun-type gue --tun-port 65535 --tun-remcsum',
];
const ENGINES = [
  ['-t', ''],
  ['-u', ''],
  ['-u', ' --pe sip'],
  ['--sctp-service', ''],
] as const;
const FLAGS = ['', 'flag-1', 'flag-2', 'flag-3', 'flag-1,flag-2', 'flag-1,flag-2,flag-3'];

test('every combination of a service’s settings reads as ipvsadm -Sn prints it', async () => {
  const lines: string[] = [];
  for (const scheduler of ['rr', 'sh', 'mh']) {
    for (const flags of FLAGS) {
      for (const [address, masks] of [
        ['10.0.0.1', ['255.255.255.255', '255.255.255.0', '0.0.0.0', '255.0.255.0']],
        ['[2001:db8::1]', ['128', '64', '1']],
      ] as const) {
        for (const persistence of ['', ...masks.map((mask) => ` -p ${100 + lines.length} -M ${mask}`)]) {
          for (const [protocol, engine] of ENGINES) {
            const ops = protocol === '-u' && lines.length % 2 === 0 ? ' -o' : '';
            const option = flags === '' ? '' : ` -b ${flags}`;
            lines.push(
              `-A ${protocol} ${address}:${1000 + lines.length} -s ${scheduler}${persistence}${engine}${ops}${option}`,
            );
          }
        }
      }
    }
  }
  await restore(lines);
  const expected = await theirs();
  expect(expected).toHaveLength(lines.length);
  expect(await ours()).toEqual(expected);
});

test('every kind of real server reads as ipvsadm -Sn prints it', async () => {
  const lines: string[] = [];
  for (const [service, family] of [
    ['-t 10.0.0.1:80', 4],
    ['-u [2001:db8::1]:53', 6],
    ['-f 7', 4],
    ['-f 4294967295', 4],
  ] as const) {
    lines.push(`-A ${service} -s wlc`);
    for (const [i, way] of WAYS.entries()) {
      const address = family === 4 ? `192.168.0.${i + 1}` : `[fd00::${i + 1}]`;
      const limits = i % 3 === 0 ? ' -x 100 -y 50' : '';
      // ipvsadm takes no IPv6 address of a real server without a port.
      const samePort = family === 6 ? ':53' : '';
      const port = way === '-m' && !service.startsWith('-f') ? ':8080' : samePort;
      lines.push(`-a ${service} -r ${address}${port} ${way} -w ${i * 1000}${limits}`);
    }
  }
  lines.push('-a -t 10.0.0.1:80 -r [fd00::99]:80 -i', '-a -t 10.0.0.1:80 -r 127.0.0.1:80 -g', '-A -f 7 -6 -s rr');
  await restore(lines);
  const expected = await theirs();
  expect(expected).toHaveLength(lines.length);
  expect(await ours()).toEqual(expected);
});

test('every shape of an IPv6 address reads as the C library prints it', async () => {
  const addresses = [
    '::2',
    '::1:0',
    '::1:2',
    '::10.1.2.3',
    '::ffff:10.1.2.3',
    '::ffff:0:1:2',
    '1::2:0:0:3',
    '1:0:2:0:3:0:4:0',
  ];
  await restore(addresses.map((address) => `-A -t [${address}]:80 -s rr`));
  expect(await ours()).toEqual(await theirs());
});
