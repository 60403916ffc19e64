import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import type { CliContext } from './context.js';
import { streamSink } from './text-sink.js';

/**
 * Wires the commands to this process and to the real adapters, each loaded when a command first asks for it: what `get`
 * does not need costs it nothing.
 */
export function createProcessContext(): CliContext {
  return {
    stdout: streamSink(process.stdout),
    stderr: streamSink(process.stderr),
    version: readVersion(),
    environment: process.env,
    nowMilliseconds: () => performance.now(),
    interruption: catchInterruption,
    onHangup: (action) => {
      process.on('SIGHUP', action);
    },
    openKernel: async () => {
      const { openIpvsKernel } = await import('../adapters/netlink/index.js');
      return openIpvsKernel();
    },
    openInventory: async (stateFolder) => {
      const { openInventory, readNamespaceStamp } = await import('../adapters/ownership/index.js');
      return openInventory({ directory: stateFolder, stamp: readNamespaceStamp() });
    },
    openSourceCache: async ({ dataFolder, stamp, maximumAgeSeconds }) => {
      const { readNamespaceStamp } = await import('../adapters/ownership/index.js');
      const { createSourceCache } = await import('../adapters/state/index.js');
      return createSourceCache({
        directory: dataFolder,
        stamp,
        bootId: readNamespaceStamp().bootId,
        maximumAgeSeconds,
        nowEpochMilliseconds: () => Date.now(),
      });
    },
    openHealthMemory: async ({ dataFolder, ...options }) => {
      const { createHealthMemory } = await import('../adapters/state/index.js');
      return createHealthMemory({ directory: dataFolder, ...options });
    },
    lockTable: async (role) => {
      const { lockNamespace } = await import('../adapters/ownership/index.js');
      return lockNamespace({ role });
    },
    readInputs: async function* (paths, options) {
      const { readInputs } = await import('../adapters/files/index.js');
      yield* readInputs(paths, { stdin: process.stdin, ...options });
    },
  };
}

/** The first signal ends the command in an orderly way; a second one ends the process at once. */
function catchInterruption(): AbortSignal {
  const controller = new AbortController();
  // Whatever a controller waits for ends by this signal: that is much at a time, and no leak.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}

function readVersion(): string {
  return (createRequire(import.meta.url)('ipvs-operator/package.json') as { version: string }).version;
}
