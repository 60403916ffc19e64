import { describe, expect, it } from 'vitest';
import { ipvsadmLines } from '../../src/cli/output/ipvsadm-format.js';
import { server, service, tcp, udp } from './table.js';

// What ipvsadm 1.31 printed on Linux 6.1 for these very services; test/kernel compares the two on a real kernel.
describe('the lines of ipvsadm -Sn', () => {
  it.each([
    ['a service', service(tcp('10.0.0.1', 80), { scheduler: 'wrr' }), '-A -t 10.0.0.1:80 -s wrr'],
    [
      'persistence with all that belongs to it',
      service(udp('10.0.0.1', 80), {
        scheduler: 'sh',
        schedulerFlags: 2,
        onePacketScheduling: true,
        persistence: { timeoutSeconds: 60, netmask: '255.0.0.0', engine: 'sip' },
      }),
      '-A -u 10.0.0.1:80 -s sh -p 60 -M 255.0.0.0 --pe sip -o -b sh-port',
    ],
    [
      'an engine without persistence, which it takes',
      service(udp('10.0.0.1', 53), { strayEngine: 'sip', onePacketScheduling: true }),
      '-A -u 10.0.0.1:53 -s wlc --pe sip -o',
    ],
    [
      'a full mask, which goes without saying',
      service(tcp('2001:db8::1', 80), { persistence: { timeoutSeconds: 360, netmask: '128', engine: '' } }),
      '-A -t [2001:db8::1]:80 -s wlc -p 360',
    ],
    [
      'an IPv6 prefix',
      service(tcp('2001:db8::1', 80), { persistence: { timeoutSeconds: 360, netmask: '64', engine: '' } }),
      '-A -t [2001:db8::1]:80 -s wlc -p 360 -M 64',
    ],
    ['SCTP', service({ protocol: 'SCTP', address: '10.0.0.1', port: 99 }), '-A --sctp-service 10.0.0.1:99 -s wlc'],
    ['flags by name', service(tcp('10.0.0.1', 80), { scheduler: 'mh', schedulerFlags: 3 }), '-b mh-fallback,mh-port'],
    ['flags by number', service(tcp('10.0.0.1', 80), { scheduler: 'rr', schedulerFlags: 5 }), '-b flag-1,flag-3'],
    ['sh without its third flag', service(tcp('10.0.0.1', 80), { scheduler: 'sh', schedulerFlags: 4 }), '-s sh -b '],
    ['a firewall mark', service({ firewallMark: 7, family: 'IPv4' }), '-A -f 7 -s wlc'],
    ['a mark of IPv6', service({ firewallMark: 7, family: 'IPv6' }), '-A -f 7 -6 -s wlc'],
    ['a large mark, unsigned', service({ firewallMark: 4294967295, family: 'IPv4' }), '-A -f 4294967295 -s wlc'],
    ['a lost scheduler', service(tcp('10.0.0.1', 80), { scheduler: '' }), '-s none'],
    ['an IPv6 address as the C library has it', service(tcp('::1:2', 82)), '-A -t [::0.1.0.2]:82 -s wlc'],
    ['a mapped address', service(tcp('::ffff:10.1.2.3', 82)), '-A -t [::ffff:10.1.2.3]:82 -s wlc'],
    ['an address with one group', service(tcp('::2', 82)), '-A -t [::2]:82 -s wlc'],
  ])('say %s', (_, declared, line) => {
    expect(ipvsadmLines(declared).endsWith(`${line}\n`)).toBe(true);
  });

  it.each([
    [server('192.168.0.1', 8080), '192.168.0.1:8080 -m -w 1'],
    [
      server('192.168.0.1', 80, { forwarding: 'DirectRouting', weight: 0, upperThreshold: 100 }),
      '192.168.0.1:80 -g -w 0',
    ],
    [server('127.0.0.1', 80, { forwarding: 'Local' }), '127.0.0.1:80 -g -w 1'],
    [server('fd00::1', 80, { forwarding: 'Tunnel', tunnel: { type: 'IPIP' } }), '[fd00::1]:80 -i -w 1 --tun-type ipip'],
    [
      server('192.168.0.1', 80, { forwarding: 'Tunnel', tunnel: { type: 'GUE', port: 6080, checksum: 'Remote' } }),
      '192.168.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum',
    ],
    [
      server('192.168.0.1', 80, { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'None' } }),
      '192.168.0.1:80 -i -w 1 --tun-type gre --tun-nocsum',
    ],
  ])('name a real server: %#', (realServer, words) => {
    expect(ipvsadmLines(service(tcp('10.0.0.1', 80), {}, [realServer]))).toBe(
      `-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -r ${words}\n`,
    );
  });
});
