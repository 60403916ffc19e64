import { afterAll, beforeAll, describe, test } from 'vitest';
import { openIpvsKernel } from '../../src/adapters/netlink/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import { expectNoDifference } from '../contract/differential.js';
import { describeIpvsKernelContract } from '../contract/ipvs-kernel.contract.js';
import { INTERFACE, INTERFACE_MTU } from '../contract/target.js';
import type { Conditioned } from '../contract/target.js';
import { runWell } from '../e2e/process.js';

/** This file's own network namespace, with `lo` up, as the lab makes one for every file. */
beforeAll(async () => {
  const mtu = String(INTERFACE_MTU);
  await runWell(['ip', 'link', 'add', INTERFACE, 'mtu', mtu, 'type', 'veth', 'peer', 'name', 'peer']);
  await runWell(['ip', 'address', 'add', '192.0.2.1/30', 'dev', INTERFACE]);
  await runWell(['ip', 'link', 'set', INTERFACE, 'up']);
});

afterAll(() => runWell(['ip', 'link', 'del', INTERFACE]));

/** The kernel looks at who opened the socket and at who sends: a process without root that inherits one is refused. */
async function openWithoutPermission(): Promise<Conditioned> {
  const kernel = await openIpvsKernel();
  const nobody = 65534;
  process.seteuid?.(nobody);
  return {
    kernel,
    restore: () => {
      process.seteuid?.(0);
      return Promise.resolve();
    },
  };
}

describeIpvsKernelContract('the real kernel', {
  open: openIpvsKernel,
  openWhere: {
    NotPermitted: openWithoutPermission,
    NotLoaded: 'a module in use by other network namespaces cannot be unloaded',
    WithoutIPv6: "Debian's kernels have IPv6",
    LoopbackNeverUp: 'lo is up in this namespace, and another one needs a process of its own',
  },
  randomRuns: 20,
});

describe('The fake kernel and the real one', () => {
  let real: IpvsKernel;
  beforeAll(async () => {
    real = await openIpvsKernel();
  });
  afterAll(() => real.close());

  test('answer random operations alike, and hold the same table after each call', async () => {
    const fake = createFakeKernel({ interfaces: { lo: 65536, [INTERFACE]: INTERFACE_MTU } });
    await expectNoDifference(fake, real, 40);
  });
});
