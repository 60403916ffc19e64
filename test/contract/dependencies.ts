import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/model/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import {
  addServer,
  addService,
  deleteServer,
  DNS,
  editServer,
  makeServer,
  MARK,
  MISSING,
  WEB,
  WLC,
} from './samples.js';
import { describeResult, EMPTY, mustApply, takeSnapshot } from './snapshot.js';

const OTHER = { address: '192.168.0.2' };
const REFUSED = { address: '224.0.0.1' };

export function describeDependencies(current: () => IpvsKernel): void {
  async function outcomes(operations: readonly Operation[]): Promise<readonly string[]> {
    return (await current().apply(operations)).map(describeResult);
  }

  describe('Of several operations', () => {
    test('none gives no result', async () => {
      expect(await outcomes([])).toEqual([]);
    });

    test('each sees what the earlier ones did', async () => {
      expect(
        await outcomes([
          addService(),
          addServer(),
          editServer(WEB, { weight: 9 }),
          addServer(WEB, OTHER),
          deleteServer(WEB, OTHER),
          { kind: 'DeleteService', key: WEB },
          addService(WEB, { scheduler: 'rr' }),
        ]),
      ).toEqual(Array<string>(7).fill('Done'));
      expect(await takeSnapshot(current())).toEqual({
        ...EMPTY,
        services: [{ key: WEB, settings: { ...WLC, scheduler: 'rr' }, servers: [] }],
      });
    });

    test('a failed one leaves the others to be done', async () => {
      expect(await outcomes([addServer(DNS), addService(), addServer(WEB), addServer(WEB, REFUSED)])).toEqual([
        'ESRCH',
        'Done',
        'Done',
        'EINVAL',
      ]);
    });

    test('a service that somebody else made gets no server of ours', async () => {
      await mustApply(current(), [addService(WEB, { scheduler: 'rr' })]);
      const results = await current().apply([addService(), addServer(), addServer(WEB, OTHER), addService(DNS)]);
      expect(results.map(describeResult)).toEqual(['EEXIST', 'Skipped', 'Skipped', 'Done']);
      expect(results[1]).toMatchObject({ cause: { code: 'EEXIST', operation: 'add service TCP 10.0.0.1:80' } });
      expect((await current().readServices([WEB]))[0]?.servers).toEqual([]);
    });

    test('a server stays where its replacement failed', async () => {
      await mustApply(current(), [addService(), addServer(), addServer(WEB, OTHER)]);
      expect(
        await outcomes([
          addServer(WEB, REFUSED),
          editServer(WEB, { weight: 5 }),
          editServer(WEB, { ...OTHER, weight: 0 }),
          deleteServer(WEB),
        ]),
      ).toEqual(['EINVAL', 'Done', 'Skipped', 'Skipped']);
      const service = (await takeSnapshot(current())).services[0];
      expect(service?.servers).toEqual([makeServer({ weight: 5 }), makeServer(OTHER)]);
    });

    test('a server stays where an edit of another one failed', async () => {
      await mustApply(current(), [addService(), addServer()]);
      expect(await outcomes([editServer(WEB, { ...OTHER, weight: 5 }), deleteServer(WEB)])).toEqual([
        'ENOENT',
        'Skipped',
      ]);
    });

    test('a failed edit of a service stops nothing', async () => {
      await mustApply(current(), [addService(), addServer()]);
      expect(
        await outcomes([
          { kind: 'EditService', key: WEB, settings: { ...WLC, scheduler: MISSING } },
          addServer(WEB, OTHER),
          deleteServer(WEB),
        ]),
      ).toEqual(['ENOENT', 'Done', 'Done']);
    });

    test('one that is refused as nonsense stops nothing that comes before it', async () => {
      await mustApply(current(), [addService(WEB), addServer(WEB), addServer(WEB, OTHER)]);
      expect(
        await outcomes([
          addServer(MARK),
          addService(DNS),
          addServer(DNS),
          deleteServer(WEB),
          addServer(WEB, { address: '192.168.0.3', weight: 0.5 }),
          deleteServer(WEB, OTHER),
        ]),
      ).toEqual(['ESRCH', 'Done', 'Done', 'Done', 'EINVAL', 'Skipped']);
    });

    test('what is skipped for one service is done for another', async () => {
      await mustApply(current(), [addService(), addServer(), addService(DNS), addServer(DNS)]);
      expect(await outcomes([addServer(WEB, REFUSED), deleteServer(WEB), deleteServer(DNS)])).toEqual([
        'EINVAL',
        'Skipped',
        'Done',
      ]);
    });

    test('results come in order however many there are', async () => {
      const operations = Array.from({ length: 3000 }, (_, i) => addServer(i % 3 === 0 ? WEB : DNS, serverNumber(i)));
      await mustApply(current(), [addService(WEB)]);
      expect(await outcomes(operations)).toEqual(operations.map((_, i) => (i % 3 === 0 ? 'Done' : 'ESRCH')));
    });
  });

  describe('An aborted apply', () => {
    test('does nothing where it was aborted before it began', async () => {
      const results = await current().apply([addService(), addServer()], { signal: AbortSignal.abort() });
      expect(results.map(describeResult)).toEqual(['Cancelled', 'Cancelled']);
      expect(await takeSnapshot(current())).toEqual(EMPTY);
    });

    test('has done exactly what it says is done', async () => {
      const count = 4000;
      const controller = new AbortController();
      await mustApply(current(), [addService()]);
      const results = await current().apply(
        Array.from({ length: count }, (_, i) => addServer(WEB, serverNumber(i))),
        {
          signal: controller.signal,
          onProgress: () => {
            controller.abort();
          },
        },
      );
      expect(results).toHaveLength(count);
      const statuses = results.map(describeResult);
      const done = statuses.filter((status) => status === 'Done').length;
      expect(statuses).toEqual(statuses.map((_, i) => (i < done ? 'Done' : 'Cancelled')));
      expect((await current().readServices([WEB]))[0]?.servers).toHaveLength(done);
    });
  });

  test('Progress of apply only grows, and ends with the number of operations', async () => {
    const seen: number[] = [];
    const operations = [addService(), ...Array.from({ length: 1000 }, (_, i) => addServer(WEB, serverNumber(i)))];
    await current().apply(operations, { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1001);
  });
}

function serverNumber(i: number): { address: string } {
  return { address: `10.3.${i >> 8}.${i & 255}` };
}
