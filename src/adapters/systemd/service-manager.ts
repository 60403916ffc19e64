import { sendNotification } from './notification.js';

/** The words of sd_notify(3) that `Type=notify-reload` and `WatchdogSec=` ask for. */
export interface ServiceManager {
  /** The service is up, or has done with a reload. */
  ready(): void;
  reloading(): void;
  stopping(): void;
  /** One line for `systemctl status`. */
  status(text: string): void;
  /** The service lives. */
  alive(): void;
  /** How often it wants to hear that the service lives, twice as often as it must; `undefined`: not at all. */
  readonly watchdogMilliseconds: number | undefined;
}

/**
 * The service manager that an environment names; one that says nothing where it names none. A message that cannot be
 * sent is lost: a service does not fail because of who started it.
 *
 * @param processId of this process, to tell whether the watchdog is meant for it
 */
export function createServiceManager(
  environment: Readonly<Record<string, string | undefined>>,
  processId: number,
): ServiceManager {
  const address = environment['NOTIFY_SOCKET'] ?? '';
  const send = (message: string): void => {
    if (address !== '') sendNotification(address, message);
  };
  return {
    ready: () => {
      send('READY=1');
    },
    reloading: () => {
      // The clock of hrtime is CLOCK_MONOTONIC, which is the one that is asked for.
      send(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    },
    stopping: () => {
      send('STOPPING=1');
    },
    status: (text) => {
      send(`STATUS=${text.replaceAll('\n', ' ')}`);
    },
    alive: () => {
      send('WATCHDOG=1');
    },
    watchdogMilliseconds: address === '' ? undefined : readWatchdog(environment, processId),
  };
}

function readWatchdog(
  environment: Readonly<Record<string, string | undefined>>,
  processId: number,
): number | undefined {
  const { WATCHDOG_USEC: microseconds = '', WATCHDOG_PID: meant = String(processId) } = environment;
  if (!/^[1-9][0-9]{0,15}$/.test(microseconds) || meant !== String(processId)) return undefined;
  return Number(microseconds) / 1000 / 2;
}
