import { ForksPoolWorker } from 'vitest/node';
import type { PoolRunnerInitializer } from 'vitest/node';

/** A process that becomes Node in a fresh network namespace; see the script. */
const NODE_IN_NAMESPACE = new URL('node-in-namespace', import.meta.url).pathname;

class NamespaceWorker extends ForksPoolWorker {
  /** Vitest forks `process.execPath` and offers no other way to name the program. The fork is made before the first await. */
  override start(): Promise<void> {
    const node = process.execPath;
    process.execPath = NODE_IN_NAMESPACE;
    try {
      return super.start();
    } finally {
      process.execPath = node;
    }
  }
}

/**
 * A vitest pool whose every worker process, so every test file, has a network namespace of its own with loopback up:
 * an empty IPVS table, no trash list of earlier tests, and sysctls as the kernel sets them.
 */
export const namespacePool: PoolRunnerInitializer = {
  name: 'network-namespaces',
  createPoolWorker: (options) =>
    new NamespaceWorker({ ...options, env: { ...options.env, LAB_NODE: process.execPath } }),
};
