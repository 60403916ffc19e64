import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIpvsKernel } from '../../src/adapters/netlink/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { run, runWell } from '../e2e/process.js';
import { PLAIN_SETTINGS } from '../samples.js';

// With `ipvsadm -A -s lblc` in place of the program, Linux 6.1 hung within two minutes, and its guest was lost.

const ROUNDS = 6;
const NAMESPACES = Array.from({ length: 4 }, (_, i) => `leaving${i + 1}`);
const KEY = { protocol: 'TCP', address: '10.9.9.9', port: 80 } as const;

let kernel: IpvsKernel;
beforeAll(async () => {
  kernel = await openIpvsKernel();
});
afterAll(() => kernel.close());

test.each(['lblc', 'lblcr'])(
  'a service that is the first with %s neither waits for network namespaces that are removed, nor they for it',
  async (scheduler) => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const namespace of NAMESPACES) {
        await runWell(['ip', '-batch', '-'], {
          stdin: `netns add ${namespace}\nlink add name eth0 netns ${namespace} type veth peer name eth1 netns ${namespace}\n`,
        });
      }
      await run(['rmmod', `ip_vs_${scheduler}`]);
      // The kernel removes them after the command has ended.
      await runWell(['ip', '-batch', '-'], { stdin: NAMESPACES.map((name) => `netns del ${name}\n`).join('') });
      const results = await kernel.apply([
        { kind: 'AddService', key: KEY, settings: { ...PLAIN_SETTINGS, scheduler } },
        { kind: 'DeleteService', key: KEY },
      ]);
      expect(results.map(({ status }) => status)).toEqual(['Done', 'Done']);
    }
    // Its first round may have found it loaded by another test.
    expect(await run(['rmmod', `ip_vs_${scheduler}`])).toMatchObject({ status: 0 });
  },
);
