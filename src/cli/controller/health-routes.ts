import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Routes } from '../../adapters/http/index.js';
import { SYSTEM_CLOCK } from '../../reconcile/index.js';
import type { Controller } from '../../reconcile/index.js';
import { HEALTH_PATH } from './control-paths.js';
import { reportService } from './health-report.js';
import type { TimeOf } from './health-report.js';

/** There may be 100,000 servers: others have their turn after so many services. */
const SERVICES_PER_PIECE = 50;

/** How servers are: a line of JSON for each service that is asked for by its key, or for all. */
export function healthRoutes(controller: Pick<Controller, 'describeHealth'>): Routes {
  return {
    [HEALTH_PATH]: (query) => {
      const asked = query.getAll('service');
      return {
        status: 200,
        contentType: 'application/x-ndjson',
        body: describe(controller, asked.length === 0 ? undefined : asked),
      };
    },
  };
}

async function* describe(
  controller: Pick<Controller, 'describeHealth'>,
  asked: readonly string[] | undefined,
): AsyncGenerator<string> {
  const offset = Date.now() - SYSTEM_CLOCK.nowMilliseconds();
  const timeOf: TimeOf = (milliseconds) => new Date(offset + milliseconds).toISOString();
  let piece = '';
  let count = 0;
  for (const health of controller.describeHealth(asked)) {
    piece += `${JSON.stringify(reportService(health, timeOf))}\n`;
    if (++count % SERVICES_PER_PIECE > 0) continue;
    yield piece;
    piece = '';
    await nextTurn();
  }
  if (piece !== '') yield piece;
}
