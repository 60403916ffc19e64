import type { NativeClient, NativeRun } from '../../../src/adapters/netlink/addon.js';
import { OPERATION } from '../../../src/adapters/netlink/record-layout.js';
import type { AddressServiceKey, Operation, RealServer, ServiceKey } from '../../../src/model/index.js';
import { makeServer, PLAIN_SETTINGS } from '../../samples.js';

export const WEB: AddressServiceKey = { protocol: 'TCP', address: '10.0.0.1', port: 80 };
export const DNS: AddressServiceKey = { protocol: 'UDP', address: '2001:db8::1', port: 53 };

export { makeServer, PLAIN_SETTINGS as SETTINGS } from '../../samples.js';

export function addService(key: ServiceKey = WEB): Operation {
  return { kind: 'AddService', key, settings: PLAIN_SETTINGS };
}

export function addServer(key: ServiceKey = WEB, changes: Partial<RealServer> = {}): Operation {
  return { kind: 'AddServer', key, server: makeServer(changes) };
}

export function deleteServer(key: ServiceKey = WEB): Operation {
  return { kind: 'DeleteServer', key, server: makeServer() };
}

/** What one call of the addon was asked to do. */
export interface SentBatch {
  readonly commands: readonly number[];
  readonly waveEnds: readonly number[];
}

/**
 * An addon that answers with errnos: those that the function gives for each record, counted over all calls, and 0. Like
 * the real one, it stops behind the first wave in which anything failed, and leaves later calls of that run alone.
 */
export function scriptNative(errnoOf: (record: number) => number = () => 0): {
  readonly native: NativeClient;
  readonly sent: SentBatch[];
} {
  const sent: SentBatch[] = [];
  const failedRuns = new Set<NativeRun>();
  let tried = 0;
  const apply = (operations: Uint8Array, waveEnds: readonly number[]): number[] => {
    const commands = [];
    for (let at = 0; at < operations.length; at += OPERATION.size) commands.push(operations[at] ?? 0);
    sent.push({ commands, waveEnds });
    const errnos: number[] = [];
    for (const end of waveEnds) {
      while (errnos.length < end) errnos.push(errnoOf(tried++));
      if (errnos.some((errno) => errno !== 0)) break;
    }
    return errnos;
  };
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  const native: NativeClient = {
    open: unused,
    // The real one copies what it is given before it returns, and answers later.
    beginRun: () => ({}),
    apply: (run, operations, waveEnds) => {
      const errnos = failedRuns.has(run) ? [] : apply(operations, [...waveEnds]);
      if (errnos.some((errno) => errno !== 0)) failedRuns.add(run);
      return new Promise((resolve) =>
        setImmediate(() => {
          resolve(Int32Array.from(errnos).buffer);
        }),
      );
    },
    readTable: unused,
    readServices: unused,
    readInfo: unused,
    readTimeouts: unused,
    listDaemons: unused,
    cancel: unused,
    close: unused,
  };
  return { native, sent };
}
