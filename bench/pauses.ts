/**
 * To be loaded before a program by `node --import`: between two SIGUSR2 it watches the event loop, and then writes the
 * longest time in milliseconds that the loop was not free to the file that PAUSES_FILE names.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MILLISECONDS = 1;

let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;

process.on('SIGUSR2', () => {
  if (delays === undefined) {
    delays = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
    delays.enable();
    return;
  }
  writeFileSync(process.env['PAUSES_FILE'] ?? 'pauses', String(delays.max / 1e6));
  delays.disable();
  delays = undefined;
});
