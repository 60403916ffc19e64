import { describe, expect, it } from 'vitest';
import { createServiceManager } from '../../../src/adapters/systemd/index.js';
import { openReceiver } from './receiver.js';

const addresses = [
  ['a path', (folder: string) => `${folder}/notify`],
  ['a name in the abstract namespace', () => `@ipvs-operator-test-${process.pid}-${Date.now()}`],
] as const;

describe.each(addresses)('a service manager at %s', (_, addressIn) => {
  it('hears what sd_notify would tell it', async () => {
    const receiver = await openReceiver(addressIn);
    const manager = createServiceManager({ NOTIFY_SOCKET: receiver.address }, 1);
    const before = process.hrtime.bigint() / 1000n;
    manager.ready();
    manager.reloading();
    manager.status('two\nlines');
    manager.alive();
    manager.stopping();
    const messages = await receiver.receive(5);
    await receiver.close();
    expect(messages.map((text) => text.replace(/\d{3,}/, 'NUMBER'))).toEqual([
      'READY=1',
      'RELOADING=1\nMONOTONIC_USEC=NUMBER',
      'STATUS=two lines',
      'WATCHDOG=1',
      'STOPPING=1',
    ]);
    const microseconds = BigInt(/USEC=(\d+)/.exec(messages[1] ?? '')?.[1] ?? 0);
    expect(microseconds).toBeGreaterThanOrEqual(before);
  });
});

describe('without a service manager', () => {
  it('nothing is said, and one that is gone disturbs nobody', () => {
    for (const environment of [{}, { NOTIFY_SOCKET: '/nowhere/notify' }, { NOTIFY_SOCKET: 'x'.repeat(200) }]) {
      const manager = createServiceManager(environment, 1);
      manager.ready();
      manager.stopping();
    }
  });
});

describe('the watchdog', () => {
  it.each([
    [{ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '30000000' }, 15_000],
    [{ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 15_000],
    [{ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, undefined],
    [{ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: 'soon' }, undefined],
    [{ NOTIFY_SOCKET: '/n' }, undefined],
    [{ WATCHDOG_USEC: '30000000' }, undefined],
  ])('%j is fed twice in its time: %j', (environment, milliseconds) => {
    expect(createServiceManager(environment, 7).watchdogMilliseconds).toBe(milliseconds);
  });
});
