import { describe, expect, test } from 'vitest';
import { DEFAULT_TIMEOUTS, NO_CONNECTIONS, NO_STATISTICS, serviceKeyText } from '../../src/model/index.js';
import type { KernelService, ServiceKey } from '../../src/model/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { addServer, addService, DNS, makeServer, MARK, WEB, WEB_IPV6, WLC } from './samples.js';
import { mustApply, sortServices } from './snapshot.js';

export function describeReads(current: () => IpvsKernel): void {
  describe('A read', () => {
    test('of an empty table is empty', async () => {
      expect([...(await current().readTable())]).toEqual([]);
      expect([...(await current().readObservedTable())]).toEqual([]);
    });

    test('names every service by the text of its key', async () => {
      await mustApply(current(), [addService(WEB), addService(WEB_IPV6), addService(DNS), addService(MARK)]);
      const texts = ['FWM 7', 'TCP 10.0.0.1:80', 'TCP [2001:db8::1]:80', 'UDP 10.0.0.1:53'];
      expect([...(await current().readTable()).keys()].sort()).toEqual(texts);
      expect([...(await current().readObservedTable()).keys()].sort()).toEqual(texts);
    });

    test('of some services keeps their order and leaves gaps for missing ones', async () => {
      await mustApply(current(), [addService(WEB), addServer(WEB), addService(DNS)]);
      const keys = [DNS, MARK, WEB, DNS];
      const dns = { key: DNS, settings: WLC, servers: [] };
      const web = { key: WEB, settings: WLC, servers: [makeServer()] };
      expect(await current().readServices(keys)).toEqual([dns, undefined, web, dns]);
      const observed = await current().readObservedServices(keys);
      expect(observed.map((service) => service?.key)).toEqual([DNS, undefined, WEB, DNS]);
    });

    test('of no services gives none', async () => {
      expect(await current().readServices([])).toEqual([]);
      expect(await current().readObservedServices([])).toEqual([]);
    });

    test('with counters has the state, the connections and the statistics', async () => {
      await mustApply(current(), [addService(WEB), addServer(WEB, { weight: 4 })]);
      const observed = {
        key: WEB,
        settings: WLC,
        statistics: NO_STATISTICS,
        servers: [{ ...makeServer({ weight: 4 }), connections: NO_CONNECTIONS, statistics: NO_STATISTICS }],
      };
      expect([...(await current().readObservedTable())]).toEqual([['TCP 10.0.0.1:80', observed]]);
      expect(await current().readObservedServices([WEB])).toEqual([observed]);
    });

    test('of a large table misses nothing and repeats nothing', async () => {
      const services = largeTable(400, 5);
      await mustApply(
        current(),
        services.flatMap(({ key, settings, servers }) => [
          { kind: 'AddService', key, settings } as const,
          ...servers.map((server) => ({ kind: 'AddServer', key, server }) as const),
        ]),
      );
      const progress: number[] = [];
      const table = await current().readTable({ onProgress: (done) => progress.push(done) });
      expect(sortServices([...table.values()])).toEqual(sortServices(services));
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(400);
      const keys = services.map(({ key }) => key);
      const some = await current().readServices(keys);
      expect(some.map((service) => service && serviceKeyText(service.key))).toEqual(keys.map(serviceKeyText));
    });

    test('of a service with many servers misses nothing', async () => {
      const [service] = largeTable(1, 1000);
      await mustApply(current(), [
        addService(WEB),
        ...(service?.servers ?? []).map((server) => ({ kind: 'AddServer', key: WEB, server }) as const),
      ]);
      expect((await current().readServices([WEB]))[0]?.servers).toHaveLength(1000);
    });

    test('that was aborted rejects with the reason of the signal', async () => {
      const reason = new Error('no more');
      const signal = AbortSignal.abort(reason);
      await mustApply(current(), [addService()]);
      await expect(current().readTable({ signal })).rejects.toBe(reason);
      await expect(current().readObservedTable({ signal })).rejects.toBe(reason);
      await expect(current().readServices([WEB], { signal })).rejects.toBe(reason);
      await expect(current().readObservedServices([WEB], { signal })).rejects.toBe(reason);
    });

    test('of sysctls leaves out those that the kernel lacks', async () => {
      const sysctls = await current().readSysctls(['conn_reuse_mode', 'no_such_thing', 'sync_version']);
      expect(Object.keys(sysctls).sort()).toEqual(['conn_reuse_mode', 'sync_version']);
      expect(sysctls['sync_version']).toBe('1');
    });

    test('of the timeouts gives seconds', async () => {
      expect(await current().readTimeouts()).toEqual(DEFAULT_TIMEOUTS);
    });

    test('tells the version and the size of the connection table', async () => {
      const info = await current().readInfo();
      expect(info.version).toMatch(/^1\.\d+\.\d+$/);
      expect(info.connectionTableSize).toBeGreaterThan(0);
    });
  });
}

function largeTable(services: number, serversEach: number): readonly KernelService[] {
  return Array.from({ length: services }, (_, i) => {
    const key: ServiceKey = { protocol: 'TCP', address: `10.1.${i >> 8}.${i & 255}`, port: 80 };
    const servers = Array.from({ length: serversEach }, (_, j) =>
      makeServer({ address: `10.2.${j >> 8}.${j & 255}`, weight: i + 1 }),
    );
    return { key, settings: WLC, servers };
  });
}
