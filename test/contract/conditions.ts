import { describe, expect, test } from 'vitest';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { addServer, addService, MARK_IPV6, WEB, WEB_IPV6 } from './samples.js';
import { describeResult } from './snapshot.js';
import type { Condition, ContractTarget } from './target.js';

/** What a kernel answers that is not as the others are. */
export function describeConditions(target: ContractTarget): void {
  function testWhere(condition: Condition, name: string, run: (kernel: IpvsKernel) => Promise<void>): void {
    test(name, async ({ skip }) => {
      const openWhere = target.openWhere[condition];
      if (typeof openWhere === 'string') {
        skip(openWhere);
        return;
      }
      const { kernel, restore } = await openWhere();
      try {
        await run(kernel);
      } finally {
        await restore();
        await kernel.close();
      }
    });
  }

  describe('On another kernel', () => {
    testWhere('NotPermitted', 'every call rejects with EPERM without CAP_NET_ADMIN', async (kernel) => {
      const error = { name: 'KernelError', code: 'EPERM' };
      await expect(kernel.readTable()).rejects.toMatchObject(error);
      await expect(kernel.readObservedTable()).rejects.toMatchObject(error);
      await expect(kernel.readServices([WEB])).rejects.toMatchObject(error);
      await expect(kernel.readInfo()).rejects.toMatchObject(error);
      await expect(kernel.readTimeouts()).rejects.toMatchObject(error);
      await expect(kernel.readDaemons()).rejects.toMatchObject(error);
      await expect(kernel.apply([addService()])).rejects.toMatchObject(error);
    });

    testWhere('NotLoaded', 'every call rejects with NOIPVS without the module', async (kernel) => {
      const error = { name: 'KernelError', code: 'NOIPVS' };
      await expect(kernel.readTable()).rejects.toMatchObject(error);
      await expect(kernel.readInfo()).rejects.toMatchObject(error);
      await expect(kernel.apply([addService()])).rejects.toMatchObject(error);
    });

    testWhere('WithoutIPv6', 'IPv6 services answer EAFNOSUPPORT without IPv6', async (kernel) => {
      const results = await kernel.apply([addService(WEB_IPV6), addService(MARK_IPV6), addService(WEB)]);
      expect(results.map(describeResult)).toEqual(['EAFNOSUPPORT', 'EAFNOSUPPORT', 'Done']);
    });

    testWhere('LoopbackNeverUp', 'no IPv4 server is taken before lo was up', async (kernel) => {
      const ipv6 = { address: '2001:db8:1::1' };
      const results = await kernel.apply([addService(), addServer(), addService(WEB_IPV6), addServer(WEB_IPV6, ipv6)]);
      expect(results.map(describeResult)).toEqual(['Done', 'EINVAL', 'Done', 'Done']);
    });
  });
}
