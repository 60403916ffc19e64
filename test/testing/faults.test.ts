import { describe, expect, test } from 'vitest';
import { createFakeKernel } from '../../src/testing/index.js';
import { addServer, addService, deleteServer, DNS, editService, makeServer, WEB, WLC } from '../contract/samples.js';
import { describeResult, mustApply, takeSnapshot } from '../contract/snapshot.js';

describe('An injected failure', () => {
  test('meets the next operation of its kind, once, and changes nothing', async () => {
    const kernel = createFakeKernel();
    kernel.failNext('AddServer', 'ENOMEM');
    const results = await kernel.apply([addService(), addServer(), addServer(WEB, { port: 81 })]);
    expect(results.map(describeResult)).toEqual(['Done', 'ENOMEM', 'Done']);
    expect((await kernel.readServices([WEB]))[0]?.servers).toEqual([makeServer({ port: 81 })]);
  });

  test('meets the operation that passes a test', async () => {
    const kernel = createFakeKernel();
    kernel.failNext((operation) => operation.kind === 'AddService' && operation.key === DNS, 'EINTR');
    expect((await kernel.apply([addService(), addService(DNS)])).map(describeResult)).toEqual(['Done', 'EINTR']);
  });

  test('skips what depends on what it met', async () => {
    const kernel = createFakeKernel();
    kernel.failNext('AddService', 'EEXIST');
    expect((await kernel.apply([addService(), addServer()])).map(describeResult)).toEqual(['EEXIST', 'Skipped']);
  });

  test('of a read makes one read reject', async () => {
    const kernel = createFakeKernel();
    kernel.failNext('Read', 'ENOBUFS');
    await expect(kernel.readTable()).rejects.toMatchObject({ name: 'KernelError', code: 'ENOBUFS', errno: 105 });
    expect((await kernel.readTable()).size).toBe(0);
  });

  test('with ENOMEM leaves a service whose scheduler was to change without one', async () => {
    const kernel = createFakeKernel();
    await mustApply(kernel, [addService()]);
    kernel.failNext('EditService', 'ENOMEM');
    await kernel.apply([editService(WEB, { scheduler: 'mh' })]);
    expect((await kernel.readServices([WEB]))[0]?.settings.scheduler).toBe('');
  });
});

describe('Another writer', () => {
  test('acts right before the operation that it was asked to meet', async () => {
    const kernel = createFakeKernel();
    kernel.interfere('AddService', () => {
      kernel.writeAsAnother(addService(WEB, { scheduler: 'rr' }));
    });
    expect((await kernel.apply([addService(), addServer()])).map(describeResult)).toEqual(['EEXIST', 'Skipped']);
    expect((await kernel.readServices([WEB]))[0]?.settings.scheduler).toBe('rr');
  });

  test('acts in the midst of a read, of which what it leaves alone is not missed', async () => {
    const kernel = createFakeKernel();
    const keys = [1, 2, 3, 4].map((i) => ({ ...WEB, address: `10.0.0.${i}` }));
    await mustApply(
      kernel,
      keys.map((key) => addService(key)),
    );
    kernel.interfere('Read', () => {
      kernel.writeAsAnother(
        ...keys.slice(0, 1).map((key) => ({ kind: 'DeleteService', key }) as const),
        ...keys.slice(3).map((key) => ({ kind: 'DeleteService', key }) as const),
      );
    });
    expect([...(await kernel.readTable()).keys()]).toEqual(['TCP 10.0.0.1:80', 'TCP 10.0.0.2:80', 'TCP 10.0.0.3:80']);
    expect([...(await kernel.readTable()).keys()]).toEqual(['TCP 10.0.0.2:80', 'TCP 10.0.0.3:80']);
  });

  test('gets the errors of the kernel', () => {
    expect(() => {
      createFakeKernel().writeAsAnother(deleteServer());
    }).toThrow('delete real server 192.168.0.1:80 from TCP 10.0.0.1:80');
  });
});

describe('A fake kernel', () => {
  test('starts with the services that it was given', async () => {
    const service = { key: WEB, settings: WLC, servers: [makeServer()] };
    expect((await takeSnapshot(createFakeKernel({ services: [service] }))).services).toEqual([service]);
  });

  test('takes no services that a kernel would refuse', () => {
    const service = { key: WEB, settings: { ...WLC, scheduler: 'mh' }, servers: [] };
    expect(() => createFakeKernel({ services: [service], schedulers: ['rr'] })).toThrow('ENOENT');
  });

  test('gives a deleted server its connections back, and its counters where the service is still the same', async () => {
    const kernel = createFakeKernel();
    await mustApply(kernel, [addService(), addServer()]);
    kernel.setConnections(WEB, makeServer(), { active: 3 });
    kernel.setStatistics(WEB, makeServer(), { connections: 9 });
    await mustApply(kernel, [deleteServer(), addServer()]);
    expect((await kernel.readObservedServices([WEB]))[0]?.servers[0]).toMatchObject({
      connections: { active: 3 },
      statistics: { connections: 9 },
    });
    await mustApply(kernel, [{ kind: 'DeleteService', key: WEB }, addService(), addServer()]);
    expect((await kernel.readObservedServices([WEB]))[0]?.servers[0]).toMatchObject({
      connections: { active: 3 },
      statistics: { connections: 0 },
    });
  });

  test('zeroes counters and keeps connections', async () => {
    const kernel = createFakeKernel();
    await mustApply(kernel, [addService(), addServer()]);
    kernel.setConnections(WEB, makeServer(), { active: 3 });
    kernel.setStatistics(WEB, makeServer(), { connections: 9 });
    kernel.setStatistics(WEB, null, { connections: 9 });
    await mustApply(kernel, [{ kind: 'ZeroStatistics', key: null }]);
    expect((await kernel.readObservedServices([WEB]))[0]).toMatchObject({
      statistics: { connections: 0 },
      servers: [{ connections: { active: 3 }, statistics: { connections: 0 } }],
    });
  });

  test('before 5.3 reads back every tunnel as IPIP', async () => {
    const kernel = createFakeKernel({ tunnelTypes: ['IPIP'] });
    const gre = { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'None' } } as const;
    await mustApply(kernel, [addService(), addServer(WEB, gre)]);
    expect((await kernel.readServices([WEB]))[0]?.servers[0]?.tunnel).toEqual({ type: 'IPIP' });
  });

  test('is not used after it was closed', async () => {
    const kernel = createFakeKernel();
    await kernel.close();
    await expect(kernel.readTable()).rejects.toThrow('after close');
  });
});
