/**
 * The kernel part of an `apply` from empty: 110,000 operations by the library, from plain data to results, without
 * files and plans. Beside it the longest time that the event loop was not free. Prints figures, a name and a value each.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openIpvsKernel } from 'ipvs-operator';
import type { Operation, RealServer } from 'ipvs-operator';
import { SERVERS, SERVICES, serverAddress, serviceAddress } from './inputs.js';

const SETTINGS = { scheduler: 'wlc', schedulerFlags: 0, onePacketScheduling: false, persistence: null };

function serverOf(service: number, server: number): RealServer {
  return {
    address: serverAddress(service, server),
    port: 8080,
    forwarding: 'Masquerade',
    tunnel: null,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
  };
}

function operationsFromEmpty(): readonly Operation[] {
  const operations: Operation[] = [];
  for (let service = 0; service < SERVICES; service++) {
    const key = { protocol: 'TCP', address: serviceAddress(service), port: 80 } as const;
    operations.push({ kind: 'AddService', key, settings: SETTINGS });
    for (let server = 0; server < SERVERS; server++) {
      operations.push({ kind: 'AddServer', key, server: serverOf(service, server) });
    }
  }
  return operations;
}

/** Watches the event loop by a timer that should fire every millisecond. The function returned ends it, and gives the longest delay. */
function watchEventLoop(): () => number {
  let last = performance.now();
  let longestMilliseconds = 0;
  const tick = (): void => {
    const now = performance.now();
    longestMilliseconds = Math.max(longestMilliseconds, now - last);
    last = now;
  };
  const timer = setInterval(tick, 1);
  return () => {
    clearInterval(timer);
    tick();
    return longestMilliseconds;
  };
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const longestPause = watchEventLoop();
  const started = performance.now();
  const result = await work();
  console.log(`${name}.seconds ${(performance.now() - started) / 1000}`);
  console.log(`${name}.pause-milliseconds ${longestPause()}`);
  return result;
}

/** What the timer's delays are on this machine where nothing is done: the pauses below cannot be shorter. */
const operations = operationsFromEmpty();
const kernel = await openIpvsKernel();
await timed('idle', () => setTimeout(3000));
const results = await timed('kernel-apply', () => kernel.apply(operations));
const failed = results.find((result) => result.status !== 'Done');
if (failed !== undefined) throw new Error(`an operation ended as ${JSON.stringify(failed)}`);
const table = await timed('kernel-read', () => kernel.readObservedTable());
if (table.size !== SERVICES) throw new Error(`${table.size} services were read`);
await kernel.close();
