import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Operation } from '../../model/index.js';

/**
 * Schedulers whose modules register with every network namespace. The kernel loads a scheduler's module while it holds
 * the lock of IPVS. One that registers waits there for namespaces that are just being removed, and the removal of a
 * namespace waits for the lock of IPVS: both for ever, and with them all that changes a network device of the host.
 * Who has the module loaded before the kernel looks for it is safe from that.
 */
const REGISTERING: readonly string[] = ['lblc', 'lblcr'];

/** Looked at between two events: some milliseconds of work on a slow machine. */
const OPERATIONS_PER_STEP = 4096;

const FOLDER = '/sys/module';
/** It may wait for network namespaces that are being removed, and for another process that loads the same. */
const TIMEOUT_MILLISECONDS = 60_000;

export interface ModuleLoader {
  isLoaded(module: string): Promise<boolean>;
  /** Does what it can. Where this process may not load modules the kernel does it by itself. */
  load(module: string): Promise<void>;
}

/** `modprobe`, which is in no user's PATH on some systems. */
const hostModules: ModuleLoader = {
  isLoaded: async (module) => {
    try {
      // While it is being loaded it is `coming`. What was built in has no state.
      const state = await readFile(`${FOLDER}/${module}/initstate`, 'latin1').catch(() => undefined);
      if (state !== undefined) return state.trim() === 'live';
      await access(`${FOLDER}/${module}`);
      return true;
    } catch {
      return false;
    }
  },
  load: (module) =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
      try {
        execFile('modprobe', ['-q', '--', module], { env, timeout: TIMEOUT_MILLISECONDS }, () => {
          resolve();
        });
      } catch {
        // Some errors of the system are thrown: ENOMEM, or EPERM in a sandbox.
        resolve();
      }
    }),
};

/** Sees to it that modules are loaded before operations name them, where the kernel could hang otherwise. */
export async function loadSchedulers(operations: readonly Operation[], loader = hostModules): Promise<void> {
  const modules = new Set<string>();
  for (const [i, operation] of operations.entries()) {
    if (i % OPERATIONS_PER_STEP === OPERATIONS_PER_STEP - 1) await setImmediate();
    if (operation.kind !== 'AddService' && operation.kind !== 'EditService') continue;
    const { scheduler } = operation.settings;
    if (REGISTERING.includes(scheduler)) modules.add(`ip_vs_${scheduler}`);
  }
  for (const module of modules) {
    if (!(await loader.isLoaded(module))) await loader.load(module);
  }
}
