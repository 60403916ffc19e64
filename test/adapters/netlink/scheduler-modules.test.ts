import { expect, test } from 'vitest';
import { loadSchedulers } from '../../../src/adapters/netlink/scheduler-modules.js';
import type { Operation, ServiceSettings } from '../../../src/model/index.js';
import { SETTINGS, WEB } from './samples.js';

async function loadedBy(operations: readonly Operation[], ...already: readonly string[]): Promise<readonly string[]> {
  const loaded: string[] = [];
  await loadSchedulers(operations, {
    isLoaded: (module) => Promise.resolve(already.includes(module)),
    load: (module) => {
      loaded.push(module);
      return Promise.resolve();
    },
  });
  return loaded;
}

const settings = (scheduler: string): ServiceSettings => ({ ...SETTINGS, scheduler });
const add = (scheduler: string): Operation => ({ kind: 'AddService', key: WEB, settings: settings(scheduler) });
const edit = (scheduler: string): Operation => ({ kind: 'EditService', key: WEB, settings: settings(scheduler) });

test('what registers with network namespaces is loaded before the kernel looks for it', async () => {
  expect(await loadedBy([add('rr'), add('lblc'), add('lblc'), edit('lblcr')])).toEqual(['ip_vs_lblc', 'ip_vs_lblcr']);
});

test('what is loaded is not loaded again', async () => {
  expect(await loadedBy([add('lblc'), add('lblcr')], 'ip_vs_lblc')).toEqual(['ip_vs_lblcr']);
});

test('all others are left to the kernel', async () => {
  const others: readonly Operation[] = [add('rr'), add(''), edit('mh'), { kind: 'DeleteService', key: WEB }];
  expect(await loadedBy(others)).toEqual([]);
});
