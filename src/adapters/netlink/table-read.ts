import { setImmediate } from 'node:timers/promises';
import type { ReadOptions } from '../../kernel/index.js';
import type { OnChunk } from './addon.js';
import { AddressTexts } from './address-bytes.js';
import type { ChunkMemory, Recollection } from './chunk-memory.js';
import { ChunkQueue } from './chunk-queue.js';
import { recordMemory } from './record-memory.js';
import { ServerLists } from './server-lists.js';
import { makeServerMemory, unpackServices } from './table-records.js';
import type { Reading, TableShape } from './table-records.js';

/** How long unpacking may go on before other events get their turn, and after how many services the clock is asked. */
const STEP_MILLISECONDS = 10;
const SERVICES_PER_LOOK = 8;

/** A read that the addon can do. */
export interface NativeRead {
  start(onChunk: OnChunk): Promise<unknown>;
  /** Makes it reject soon. */
  cancel(): void;
}

/** How what a read brings is taken. */
export interface Taker<Service, Server> {
  readonly shape: TableShape<Service, Server>;
  /** Of reads of the same whole table with the same shape. */
  readonly memory?: ChunkMemory<Service>;
  readonly take: (reading: Reading<Service>) => void;
}

/**
 * Gives what a read brings, service by service, while it goes on. Resolves when all is given; rejects with what the
 * addon rejects with, or with the signal's reason.
 */
export async function readServices<Service, Server>(
  read: NativeRead,
  taker: Taker<Service, Server>,
  options: ReadOptions,
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  const chunks = new ChunkQueue();
  const end = (): void => {
    chunks.end();
  };
  const cancel = (): void => {
    read.cancel();
    end();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const over = read.start((chunk) => {
    chunks.push(chunk);
  });
  over.then(end, end);
  const recollection = taker.memory?.begin();
  try {
    await unpackChunks(chunks, taker, recollection, options);
    signal?.throwIfAborted();
    await over;
    recollection?.end();
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

async function unpackChunks<Service, Server>(
  chunks: ChunkQueue,
  { shape, take }: Taker<Service, Server>,
  recollection: Recollection<Service> | undefined,
  { signal, onProgress }: ReadOptions,
): Promise<void> {
  const addresses = new AddressTexts();
  const servers = makeServerMemory();
  const lists = new ServerLists<Server>();
  let count = 0;
  let pauseAt = performance.now() + STEP_MILLISECONDS;
  for (let chunk = await chunks.next(); chunk !== undefined; chunk = await chunks.next()) {
    const known = recollection?.recall(chunk);
    const readings = known ?? unpackServices({ ...recordMemory(chunk), addresses, servers }, shape, lists);
    const unpacked: Reading<Service>[] | undefined = known === undefined && recollection !== undefined ? [] : undefined;
    for (const reading of readings) {
      if (reading !== undefined) {
        take(reading);
        unpacked?.push(reading);
        if (++count % SERVICES_PER_LOOK !== 0) continue;
      }
      if (performance.now() < pauseAt) continue;
      await setImmediate();
      signal?.throwIfAborted();
      pauseAt = performance.now() + STEP_MILLISECONDS;
    }
    if (unpacked !== undefined) recollection?.note(chunk, unpacked);
    onProgress?.(count);
  }
}
