import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { reportChaos } from '../chaos/report.js';
import { runChaos } from '../chaos/run-chaos.js';
import { chooseSeed } from './random.js';

// A few rounds of what `make chaos` does for long: docs/chaos.md. $CHAOS_ROUNDS is how many, $CHAOS_REPORT the file that
// is written about them.

const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 5);
const report = process.env['CHAOS_REPORT'];
const AN_HOUR_SECONDS = 3600;
const A_ROUND_MILLISECONDS = 60_000;

/** The clock is set in the lab's own guest only. Where other tests run beside, they shall still find what they kept. */
function clockLimits(): { clockSeconds?: { earliest: number; latest: number } } {
  if (process.env['LAB_GUEST'] === undefined) return {};
  const latest = (report === undefined ? 0.5 : 60) * AN_HOUR_SECONDS;
  // Certificates are good since an hour before they were made.
  return { clockSeconds: { earliest: -0.5 * AN_HOUR_SECONDS, latest } };
}

test(
  'whatever happens, the table gets right again, and no service is without its servers meanwhile',
  async () => {
    const outcome = await runChaos({
      seed: chooseSeed(),
      rounds,
      print: (line) => {
        console.log(line);
      },
      ...clockLimits(),
    });
    if (report !== undefined) await writeFile(report, reportChaos(outcome, new Date()));
    expect(outcome.failures).toEqual([]);
    expect(outcome.roundsDone).toBe(rounds);
  },
  600_000 + rounds * A_ROUND_MILLISECONDS,
);
