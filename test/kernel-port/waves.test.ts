import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KernelError } from '../../src/errors/index.js';
import { Failures, splitIntoWaves } from '../../src/kernel/index.js';
import { describeOperation } from '../../src/model/index.js';
import type { Operation } from '../../src/model/index.js';
import { arbitraryCalls } from '../contract/arbitrary-operations.js';
import { addServer, addService, deleteServer, DNS, editServer, editService, WEB } from '../contract/samples.js';

const OTHER = { address: '192.168.0.2' };
const deleteService: Operation = { kind: 'DeleteService', key: WEB };

/** The operations of each wave, as their kinds. */
function wavesOf(operations: readonly Operation[], maximumLength = 100): readonly (readonly string[])[] {
  return Array.from(splitIntoWaves(operations, maximumLength), ({ start, end }) =>
    operations.slice(start, end).map(({ kind }) => kind),
  );
}

function makeError(operation: Operation): KernelError {
  return new KernelError({ code: 'ENOMEM', errno: 12, operation: describeOperation(operation), detail: 'no memory' });
}

describe('A wave ends', () => {
  test.each<readonly [string, readonly Operation[], readonly (readonly string[])[]]>([
    ['with the operations', [], []],
    ['before a server of a service that it adds', [addService(), addServer()], [['AddService'], ['AddServer']]],
    [
      'before the edit of a server of a service that it adds',
      [addService(), editServer(WEB)],
      [['AddService'], ['EditServer']],
    ],
    [
      'before a server goes whose replacement it adds',
      [addServer(WEB, OTHER), deleteServer()],
      [['AddServer'], ['DeleteServer']],
    ],
    [
      'before a server gets weight 0 whose replacement it edits',
      [editServer(WEB, OTHER), editServer(WEB, { weight: 0 })],
      [['EditServer'], ['EditServer']],
    ],
    [
      'at its maximum length',
      [addService(), addService(DNS), editService(WEB)],
      [['AddService', 'AddService'], ['EditService']],
    ],
    [
      'before and after what is about the table as a whole',
      [addService(), { kind: 'Flush' }, addService(DNS)],
      [['AddService'], ['Flush'], ['AddService']],
    ],
    [
      'before and after the counters of one service are zeroed',
      [addService(), { kind: 'ZeroStatistics', key: WEB }, addService(DNS)],
      [['AddService'], ['ZeroStatistics'], ['AddService']],
    ],
  ])('%s', (_, operations, waves) => {
    expect(wavesOf(operations, 2)).toEqual(waves);
  });
});

describe('A wave goes on', () => {
  test.each<readonly [string, readonly Operation[]]>([
    ['with servers of another service', [addService(), addServer(DNS)]],
    ['with more servers of one service', [addServer(), addServer(WEB, OTHER), editServer(WEB)]],
    ['with servers that go before others come', [deleteServer(), addServer(WEB, OTHER)]],
    ['with servers that go after others got weight 0', [editServer(WEB, { weight: 0 }), deleteServer(WEB, OTHER)]],
    ['with a server that goes after its service was edited', [editService(WEB), deleteServer()]],
    ['with the deletion of a service that it adds', [addService(), deleteService]],
  ])('%s', (_, operations) => {
    expect(wavesOf(operations)).toHaveLength(1);
  });
});

test('Waves have every operation once, in order, and none is too long', () => {
  fc.assert(
    fc.property(arbitraryCalls, fc.integer({ min: 1, max: 9 }), ([operations = []], maximumLength) => {
      let at = 0;
      for (const { start, end } of splitIntoWaves(operations, maximumLength)) {
        expect(start).toBe(at);
        expect(end).toBeGreaterThan(start);
        expect(end - start).toBeLessThanOrEqual(maximumLength);
        at = end;
      }
      expect(at).toBe(operations.length);
    }),
  );
});

test('Whatever fails in a wave blocks nothing in the same wave', () => {
  fc.assert(
    fc.property(arbitraryCalls, ([operations = []]) => {
      for (const { start, end } of splitIntoWaves(operations, 100)) {
        const failures = new Failures();
        for (const operation of operations.slice(start, end)) {
          expect(failures.blocking(operation)).toBeUndefined();
          failures.record(operation, makeError(operation));
        }
      }
    }),
  );
});

describe('After a failure', () => {
  test.each<readonly [string, Operation, Operation, 'blocked' | 'free']>([
    ['a server of a service that was not added', addService(), addServer(), 'blocked'],
    ['the edit of a server of a service that was not added', addService(), editServer(WEB), 'blocked'],
    ['the deletion of a server of a service that was not added', addService(), deleteServer(), 'blocked'],
    ['a server that goes while another one did not come', addServer(), deleteServer(WEB, OTHER), 'blocked'],
    [
      'a weight of 0 while another server was not edited',
      editServer(WEB, OTHER),
      editServer(WEB, { weight: 0 }),
      'blocked',
    ],
    ['another server that comes', addServer(), addServer(WEB, OTHER), 'free'],
    ['another server that is edited', addServer(), editServer(WEB, OTHER), 'free'],
    ['a server that goes after another one did not go', deleteServer(), deleteServer(WEB, OTHER), 'free'],
    ['a server that goes after another one kept its weight', editServer(WEB, { weight: 0 }), deleteServer(WEB), 'free'],
    ['a server that goes after its service was not edited', editService(WEB), deleteServer(), 'free'],
    ['the edit of a service whose server failed', addServer(), editService(WEB), 'free'],
    ['the deletion of a service whose server failed', addServer(), deleteService, 'free'],
    ['a server of another service', addService(), addServer(DNS), 'free'],
    ['what is about the table as a whole', addService(), { kind: 'Flush' }, 'free'],
  ])('%s', (_, failed, next, verdict) => {
    const failures = new Failures();
    const error = makeError(failed);
    failures.record(failed, error);
    expect(failures.blocking(next)).toBe(verdict === 'blocked' ? error : undefined);
  });

  test('the first error is the cause', () => {
    const failures = new Failures();
    const first = makeError(addServer());
    failures.record(addServer(), first);
    failures.record(addServer(WEB, OTHER), makeError(addServer(WEB, OTHER)));
    expect(failures.blocking(deleteServer())).toBe(first);
  });
});
