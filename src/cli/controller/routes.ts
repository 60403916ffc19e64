import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer, Routes } from '../../adapters/http/index.js';
import { writeObjectMetrics, writeTrafficMetrics } from '../../adapters/metrics/index.js';
import type { ControllerMetrics } from '../../adapters/metrics/index.js';
import { KernelError } from '../../errors/index.js';
import type { Inventory, IpvsKernel } from '../../kernel/index.js';
import type { Controller } from '../../reconcile/index.js';
import { STATUS_PATH } from './control-paths.js';
import { drainRoutes } from './drain-routes.js';
import { healthRoutes } from './health-routes.js';
import type { StatusReport } from './status-report.js';
import { readiness } from './vitality.js';
import type { Verdict, Vitality } from './vitality.js';

/** What the control socket answers. */
export function controlRoutes(report: () => StatusReport, controller: Controller): Routes {
  return {
    ...drainRoutes(controller),
    ...healthRoutes(controller),
    [STATUS_PATH]: () => ({ status: 200, contentType: 'application/json', body: JSON.stringify(report()) }),
  };
}

export interface PublicRoutesInput {
  readonly controller: Pick<Controller, 'snapshot' | 'tallyHealth'>;
  readonly vitality: Vitality;
  readonly metrics: ControllerMetrics;
  readonly kernel: IpvsKernel;
  readonly inventory: Inventory;
}

/** What anyone on the address may ask: probes and metrics. */
export function publicRoutes({ controller, vitality, metrics, kernel, inventory }: PublicRoutesInput): Routes {
  let isCollecting = false;
  async function* collect(): AsyncGenerator<string> {
    try {
      yield await metrics.text();
      yield* writeObjectMetrics(controller.tallyHealth(), () => nextTurn());
      yield* readTraffic(kernel, inventory);
    } finally {
      isCollecting = false;
    }
  }
  return {
    '/healthz': () => verdictAnswer(vitality.liveness(controller.snapshot())),
    '/readyz': () => verdictAnswer(readiness(controller.snapshot())),
    '/metrics': () => {
      // Each reads the whole table: whoever asks faster than that is told so.
      if (isCollecting) return { status: 503, contentType: 'text/plain', body: 'somebody else is being answered\n' };
      isCollecting = true;
      return { status: 200, contentType: metrics.contentType, body: collect() };
    },
  };
}

function verdictAnswer({ isGood, reason }: Verdict): Answer {
  return { status: isGood ? 200 : 503, contentType: 'text/plain', body: `${reason}\n` };
}

/** Without a kernel there is no traffic; that it is out of reach is a metric of its own. */
async function* readTraffic(kernel: IpvsKernel, inventory: Inventory): AsyncGenerator<string> {
  const owners = inventory.entries();
  const objectOf = (key: string): string | undefined => {
    const owner = owners.get(key)?.object;
    return owner === undefined ? undefined : owner.slice(owner.indexOf(' ') + 1);
  };
  try {
    const table = await kernel.readObservedTable();
    yield* writeTrafficMetrics(table, objectOf, () => nextTurn());
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}
