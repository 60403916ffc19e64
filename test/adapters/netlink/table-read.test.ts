import { describe, expect, test } from 'vitest';
import type { OnChunk } from '../../../src/adapters/netlink/addon.js';
import { KEY, MISSING, SERVICE } from '../../../src/adapters/netlink/record-layout.js';
import { readServices } from '../../../src/adapters/netlink/table-read.js';
import { ChunkMemory } from '../../../src/adapters/netlink/chunk-memory.js';
import { PLAIN_SHAPE } from '../../../src/adapters/netlink/table-records.js';
import type { Reading } from '../../../src/adapters/netlink/table-records.js';
import type { ReadOptions } from '../../../src/kernel/index.js';
import type { KernelService } from '../../../src/model/index.js';

/** Missing services of consecutive ports: the smallest chunks that there are. */
function makeChunk(firstPort: number, count: number): ArrayBuffer {
  const chunk = new ArrayBuffer(count * SERVICE.size);
  const view = new DataView(chunk);
  for (let i = 0; i < count; i++) {
    const at = i * SERVICE.size;
    view.setUint8(at + KEY.family, 4);
    view.setUint8(at + KEY.protocol, 6);
    view.setUint16(at + KEY.port, firstPort + i, true);
    view.setUint32(at + SERVICE.serverCount, MISSING, true);
  }
  return chunk;
}

async function readPorts(start: (onChunk: OnChunk) => Promise<unknown>, options: ReadOptions = {}): Promise<number[]> {
  const ports: number[] = [];
  const read = { start, cancel: () => undefined };
  const take = ({ text }: Reading<KernelService>) => ports.push(Number(text.split(':')[1]));
  await readServices(read, { shape: PLAIN_SHAPE, take }, options);
  return ports;
}

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('A read', () => {
  test('gives chunks in order, whether they come at once or one by one', async () => {
    const ports = await readPorts(async (onChunk) => {
      onChunk(makeChunk(1, 2));
      onChunk(makeChunk(3, 1));
      await later();
      onChunk(makeChunk(4, 2));
    });
    expect(ports).toEqual([1, 2, 3, 4, 5]);
  });

  test('without chunks gives nothing', async () => {
    expect(await readPorts(() => Promise.resolve())).toEqual([]);
  });

  test('that fails rejects with what the addon says', async () => {
    const error = new Error('broken');
    await expect(readPorts(() => Promise.reject(error))).rejects.toBe(error);
  });

  test('tells how many services it has', async () => {
    const seen: number[] = [];
    const onProgress = (count: number): void => void seen.push(count);
    await readPorts(
      (onChunk) => {
        onChunk(makeChunk(1, 2));
        onChunk(makeChunk(3, 5));
        return Promise.resolve();
      },
      { onProgress },
    );
    expect(seen).toEqual([2, 7]);
  });

  test('lets other events through while it unpacks', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await readPorts((onChunk) => {
      for (let i = 0; i < 200; i++) onChunk(makeChunk(1, 1000));
      return Promise.resolve();
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('A read after another one', () => {
  /** Reads chunks, each with so many services from this port on. */
  async function readTwice(
    first: readonly (readonly [number, number])[],
    second: readonly (readonly [number, number])[],
  ): Promise<{ readonly texts: readonly string[]; readonly isKnown: readonly boolean[] }> {
    const memory = new ChunkMemory<KernelService>();
    const readChunks = async (chunks: typeof first): Promise<readonly Reading<KernelService>[]> => {
      const readings: Reading<KernelService>[] = [];
      const start = (onChunk: OnChunk): Promise<unknown> => {
        for (const [port, count] of chunks) onChunk(makeChunk(port, count));
        return Promise.resolve();
      };
      const take = (reading: Reading<KernelService>) => readings.push(reading);
      await readServices({ start, cancel: () => undefined }, { shape: PLAIN_SHAPE, memory, take }, {});
      return readings;
    };
    const before = new Set(await readChunks(first));
    const after = await readChunks(second);
    return { texts: after.map(({ text }) => text), isKnown: after.map((reading) => before.has(reading)) };
  }

  test('unpacks only the chunks that are others', async () => {
    const { texts, isKnown } = await readTwice([[1, 2], [3, 1], [4, 1]], [[1, 2], [9, 1], [4, 1]]); // prettier-ignore
    expect(texts).toEqual(['TCP 0.0.0.0:1', 'TCP 0.0.0.0:2', 'TCP 0.0.0.0:9', 'TCP 0.0.0.0:4']);
    expect(isKnown).toEqual([true, true, false, true]);
  });

  test('takes nothing from it where all is elsewhere, or it had less', async () => {
    expect(await readTwice([[1, 1]], [[2, 1], [1, 1]])).toEqual({ texts: ['TCP 0.0.0.0:2', 'TCP 0.0.0.0:1'], isKnown: [false, false] }); // prettier-ignore
    expect(await readTwice([], [[1, 1]])).toEqual({ texts: ['TCP 0.0.0.0:1'], isKnown: [false] });
    expect(await readTwice([[1, 2]], [])).toEqual({ texts: [], isKnown: [] });
  });

  test('that broke off is compared with the last complete one', async () => {
    const memory = new ChunkMemory<KernelService>();
    const readings: Reading<KernelService>[] = [];
    const taker = { shape: PLAIN_SHAPE, memory, take: (reading: Reading<KernelService>) => readings.push(reading) };
    const start = (onChunk: OnChunk): Promise<unknown> => {
      onChunk(makeChunk(1, 1));
      return Promise.resolve();
    };
    const failing = (onChunk: OnChunk): Promise<unknown> => {
      onChunk(makeChunk(7, 1));
      return Promise.reject(new Error('broken'));
    };
    await readServices({ start, cancel: () => undefined }, taker, {});
    await expect(readServices({ start: failing, cancel: () => undefined }, taker, {})).rejects.toThrow('broken');
    await readServices({ start, cancel: () => undefined }, taker, {});
    expect(readings.at(-1)).toBe(readings[0]);
  });
});

describe('An aborted read', () => {
  test('rejects with the reason, and does not wait for the addon', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = readPorts(() => new Promise(() => undefined), { signal: controller.signal });
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  test('that was aborted before does not begin', async () => {
    let begun = false;
    const reading = readPorts(
      () => {
        begun = true;
        return Promise.resolve();
      },
      { signal: AbortSignal.abort() },
    );
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(begun).toBe(false);
  });
});
