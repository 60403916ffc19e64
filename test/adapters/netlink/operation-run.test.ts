import { describe, expect, test } from 'vitest';
import { OperationRun } from '../../../src/adapters/netlink/operation-run.js';
import type { ApplyOptions, OperationResult } from '../../../src/kernel/index.js';
import type { Operation } from '../../../src/model/index.js';
import { addServer, addService, deleteServer, DNS, scriptNative, WEB } from './samples.js';
import type { SentBatch } from './samples.js';

const EPERM = 1;
const EEXIST = 17;

function outcome(result: OperationResult): string {
  switch (result.status) {
    case 'Failed':
      return result.error.code;
    case 'Skipped':
      return `Skipped for ${result.cause.code}`;
    case 'Done':
    case 'Cancelled':
      return result.status;
  }
}

async function run(
  operations: readonly Operation[],
  errnoOf?: (record: number) => number,
  options: ApplyOptions = {},
): Promise<{ readonly outcomes: string[]; readonly sent: SentBatch[] }> {
  const { native, sent } = scriptNative(errnoOf);
  const results = await new OperationRun(native, operations).run(options);
  return { outcomes: results.map(outcome), sent };
}

describe('Operations', () => {
  test('without any, nothing is sent', async () => {
    expect(await run([])).toEqual({ outcomes: [], sent: [] });
  });

  test('of several steps go in one call, those of different services side by side', async () => {
    const { outcomes, sent } = await run([addService(), addServer(), addService(DNS), addServer(DNS), deleteServer()]);
    expect(outcomes).toEqual(Array(5).fill('Done'));
    expect(sent).toEqual([{ commands: [1, 1, 5, 5, 7], waveEnds: [2, 4, 5] }]);
  });

  test('that are many go in several calls, packed ahead', async () => {
    const operations = Array.from({ length: 1100 }, (_, port) => addService({ ...WEB, port }));
    const { outcomes, sent } = await run(operations);
    expect(outcomes).toEqual(Array(1100).fill('Done'));
    expect(sent.map(({ commands }) => commands.length)).toEqual([512, 512, 76]);
  });

  test('that depend on a failed one are skipped, the others behind it are sent again', async () => {
    const operations = [addService(), addServer(), addServer(), addService(DNS), addServer(DNS)];
    const { outcomes, sent } = await run(operations, (record) => (record === 0 ? EEXIST : 0));
    expect(outcomes).toEqual(['EEXIST', 'Skipped for EEXIST', 'Skipped for EEXIST', 'Done', 'Done']);
    expect(sent).toEqual([
      { commands: [1, 1, 5, 5, 5], waveEnds: [2, 5] },
      { commands: [5], waveEnds: [1] },
    ]);
  });

  test('packed ahead are packed again after a failure', async () => {
    const first = Array.from({ length: 512 }, (_, port) => addService({ ...WEB, port }));
    const second = Array.from({ length: 512 }, (_, port) => addServer({ ...WEB, port }));
    const { outcomes } = await run([...first, ...second], (record) => (record === 7 ? EEXIST : 0));
    expect(outcomes.filter((text) => text !== 'Done')).toEqual(['EEXIST', 'Skipped for EEXIST']);
    expect(outcomes[519]).toBe('Skipped for EEXIST');
  });

  test('sent ahead of a failure are not tried, and sent again in order', async () => {
    const services = Array.from({ length: 1100 }, (_, port) => addService({ ...WEB, port }));
    const { outcomes, sent } = await run(services, (record) => (record === 255 ? EEXIST : 0));
    expect(outcomes.filter((text) => text !== 'Done')).toEqual(['EEXIST']);
    expect(outcomes[255]).toBe('EEXIST');
    expect(sent.map(({ commands }) => commands.length)).toEqual([512, 512, 76]);
  });

  test('that make no sense fail without being sent, with what depends on them', async () => {
    const operations = [
      addService({ ...WEB, port: 70000 }),
      addService(),
      addServer(WEB, { weight: 0.5 }),
      deleteServer(),
    ];
    const { outcomes, sent } = await run(operations);
    expect(outcomes).toEqual(['EINVAL', 'Done', 'EINVAL', 'Skipped for EINVAL']);
    expect(sent).toEqual([{ commands: [1], waveEnds: [1] }]);
  });

  test('that are all refused come to an end', async () => {
    const operations = Array.from({ length: 1500 }, () => addService({ ...WEB, address: 'web' }));
    const { outcomes, sent } = await run(operations);
    expect(outcomes).toEqual(Array(1500).fill('EINVAL'));
    expect(sent).toEqual([]);
  });

  test('reject as a whole where the process may not write', async () => {
    await expect(run([addService()], () => EPERM)).rejects.toMatchObject({ name: 'KernelError', code: 'EPERM' });
  });

  test('on sysctls keep their place among the others', async () => {
    const sysctl: Operation = { kind: 'SetSysctl', name: 'no/name', value: '1' };
    const { outcomes, sent } = await run([addService(), sysctl, addService(DNS)]);
    expect(outcomes).toEqual(['Done', 'EINVAL', 'Done']);
    expect(sent).toHaveLength(2);
  });
});

describe('An aborted run', () => {
  test('lets what is under way end and cancels the rest', async () => {
    const controller = new AbortController();
    const operations = Array.from({ length: 1100 }, (_, port) => addService({ ...WEB, port }));
    const { outcomes } = await run(operations, undefined, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect(outcomes).toEqual([...Array<string>(1024).fill('Done'), ...Array<string>(76).fill('Cancelled')]);
  });

  test('that was aborted before does nothing', async () => {
    const { outcomes, sent } = await run([addService()], undefined, { signal: AbortSignal.abort() });
    expect({ outcomes, sent }).toEqual({ outcomes: ['Cancelled'], sent: [] });
  });
});

test('Progress only grows, and ends with the number of operations', async () => {
  const seen: number[] = [];
  const operations = Array.from({ length: 1500 }, (_, port) => [
    addService({ ...WEB, port }),
    addServer({ ...WEB, port }),
  ]).flat();
  await run(operations, (record) => (record % 100 === 0 ? EEXIST : 0), { onProgress: (done) => seen.push(done) });
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(3000);
});
