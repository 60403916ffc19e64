import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askSocket } from '../../src/adapters/http/index.js';
import type { StatusReport } from '../../src/cli/controller/status-report.js';
import type { Running } from './process.js';
import type { Workplace } from './product.js';

/** The controller in a workplace. It follows the workplace's folder `services`. */

const PATIENCE_MILLISECONDS = 180_000;
const LOOK_AGAIN_MILLISECONDS = 50;

/** Looks again until what is found passes the check; after three minutes it throws what the check threw last. */
export async function eventually<T>(look: () => Promise<T>, check: (found: T) => void): Promise<T> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const found = await look();
    try {
      check(found);
      return found;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(LOOK_AGAIN_MILLISECONDS);
    }
  }
}

/** Writes as careful programs do: beside, and then in place. */
export async function declare(workplace: Workplace, name: string, text: string): Promise<void> {
  await mkdir(join(workplace.folder, 'services'), { recursive: true });
  await workplace.write(`${name}.new`, text);
  await rename(join(workplace.folder, `${name}.new`), join(workplace.folder, 'services', `${name}.yaml`));
}

export async function askStatus({ stateDirectory }: Workplace): Promise<StatusReport> {
  const answer = await askSocket(join(stateDirectory, 'control.sock'), '/status', 10_000);
  if (answer.kind !== 'Answer') throw new Error(`no status: ${answer.kind}`);
  return JSON.parse(answer.body) as StatusReport;
}

export async function expectStatus(workplace: Workplace, check: (report: StatusReport) => void): Promise<StatusReport> {
  return eventually(
    () => askStatus(workplace).catch(() => undefined),
    (report) => {
      if (report === undefined) throw new Error('no status');
      check(report);
    },
  ) as Promise<StatusReport>;
}

/** Starts it without `--listen`, and waits until it has made the kernel right. */
export async function startController(
  workplace: Workplace,
  onStart: (running: Running) => void,
  ...flags: readonly string[]
): Promise<void> {
  const fixed = ['run', '-f', 'services', '--listen', 'none'];
  onStart(workplace.startOperator([...fixed, ...flags], { timeoutSeconds: 600 }));
  await expectStatus(workplace, ({ lastFullRound, services }) => {
    if (lastFullRound === null || services.pending > 0) throw new Error('it is still at its first round');
  });
}
