import {
  ClusterReporter,
  createApiClient,
  createClusterSource,
  findCluster,
  SYSTEM_PACING,
} from '../../src/adapters/kubernetes/index.js';
import { createController, SYSTEM_CLOCK } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';
import { MemoryHealth } from '../reconcile/memory-health.js';
import { memoryInventory } from '../reconcile/memory-inventory.js';
import type { MemoryInventory } from '../reconcile/memory-inventory.js';
import { ScriptedProber } from '../reconcile/scripted-prober.js';
import type { ApiServer } from './api-server.js';

/** Leaders are found sooner than by Kubernetes' own times. */
const TIMING = { durationMilliseconds: 3000, renewDeadlineMilliseconds: 2000, retryMilliseconds: 300 };

/** A controller of a node in a cluster, with a fake kernel and servers that say what a test makes them say. */
export interface Director {
  readonly kernel: FakeKernel;
  readonly inventory: MemoryInventory;
  readonly prober: ScriptedProber;
  readonly stop: () => Promise<void>;
}

/** @param existing what another controller left */
export async function startDirector(
  server: ApiServer,
  node: string,
  { kernel, inventory }: Pick<Director, 'kernel' | 'inventory'> = {
    kernel: createFakeKernel(),
    inventory: memoryInventory(),
  },
): Promise<Director> {
  const client = createApiClient({
    config: await findCluster({ kubeconfig: server.kubeconfig(`node-${node}`), environment: {} }),
  });
  const reporter = new ClusterReporter({
    client,
    node,
    namespace: 'ipvs-operator',
    timing: TIMING,
    pacing: SYSTEM_PACING,
    now: () => new Date(),
  });
  const ending = new AbortController();
  const prober = new ScriptedProber();
  const controller = createController({
    kernel,
    inventory,
    sources: [
      createClusterSource({ client, nodeName: node, pacing: SYSTEM_PACING, observer: reporter }),
      reporter.failover,
    ],
    surroundings: { nodeLabels: { kind: 'Awaited' }, roles: new Map() },
    statusSink: reporter,
    options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
    health: { prober, memory: new MemoryHealth(), checkMarks: null, nowEpochMilliseconds: () => Date.now() },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    observe: (event) => {
      if (event.kind === 'ElectionWanted') reporter.contest(event.director);
      reporter.observe(event);
    },
  });
  const done = Promise.all([controller.run(ending.signal), reporter.run(ending.signal, () => undefined)]);
  const stop = async (): Promise<void> => {
    ending.abort();
    await done;
    client.close();
  };
  return { kernel, inventory, prober, stop };
}
