import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernelOptions } from '../../src/testing/index.js';
import { describeIpvsKernelContract } from '../contract/ipvs-kernel.contract.js';
import { INTERFACE, INTERFACE_MTU } from '../contract/target.js';
import type { Conditioned } from '../contract/target.js';

const interfaces = { lo: 65536, [INTERFACE]: INTERFACE_MTU };

function openWith(options: FakeKernelOptions): () => Promise<Conditioned> {
  return () => Promise.resolve({ kernel: createFakeKernel(options), restore: () => Promise.resolve() });
}

describeIpvsKernelContract('the fake kernel', {
  open: () => Promise.resolve(createFakeKernel({ interfaces })),
  openWhere: {
    NotPermitted: openWith({ availability: 'NotPermitted' }),
    NotLoaded: openWith({ availability: 'NotLoaded' }),
    WithoutIPv6: openWith({ ipv6: false }),
    LoopbackNeverUp: openWith({ loopbackUp: false }),
  },
  randomRuns: 200,
});
