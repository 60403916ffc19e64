import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScheduleQueue } from '../../../src/adapters/netlink/schedule-queue.js';
import type { Schedule } from '../../../src/adapters/netlink/schedule-queue.js';
import { KernelError } from '../../../src/errors/index.js';
import { Failures } from '../../../src/kernel/index.js';
import { describeOperation, serviceKeyText } from '../../../src/model/index.js';
import type { Operation } from '../../../src/model/index.js';
import { arbitraryCalls } from '../../contract/arbitrary-operations.js';
import { addServer, addService, deleteServer, DNS, WEB } from './samples.js';

function schedulesOf(operations: readonly Operation[], maximumLength = 100): readonly Schedule[] {
  const queue = new ScheduleQueue(operations, maximumLength);
  const schedules: Schedule[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) schedules.push(next);
  return schedules;
}

const setTimeouts: Operation = {
  kind: 'SetTimeouts',
  timeouts: { tcpSeconds: 1, tcpFinSeconds: 0, udpSeconds: 0 },
};

describe('A schedule', () => {
  test('of services with their servers has the services first', () => {
    const operations = [addService(), addServer(), addServer(), addService(DNS), addServer(DNS)];
    expect(schedulesOf(operations)).toEqual([
      [
        [0, 3],
        [1, 2, 4],
      ],
    ]);
  });

  test('has as many steps as one service needs', () => {
    const operations = [addService(DNS), addService(), addServer(), deleteServer(), addServer(DNS)];
    expect(schedulesOf(operations)).toEqual([[[0, 1], [2, 4], [3]]]);
  });

  test('ends where it would be too long', () => {
    const operations = [addService(), addServer(), addService(DNS), addServer(DNS)];
    expect(schedulesOf(operations, 3)).toEqual([[[0, 2], [1]], [[3]]]);
  });

  test('has nothing beside what is about more than one service', () => {
    const operations = [addService(), setTimeouts, addServer(), setTimeouts, setTimeouts];
    expect(schedulesOf(operations)).toEqual([[[0]], [[1]], [[2]], [[3]], [[4]]]);
  });
});

test('What is put back comes again in order, before the rest', () => {
  const queue = new ScheduleQueue([addService(), setTimeouts, setTimeouts], 100);
  const first = queue.next() ?? [];
  const second = queue.next() ?? [];
  queue.putBack([[], second]);
  queue.putBack([first, []]);
  expect([queue.next(), queue.next(), queue.next(), queue.next()]).toEqual([[[0]], [[1]], [[2]], undefined]);
});

test('Schedules have every operation once, and those on one service in order', () => {
  fc.assert(
    fc.property(arbitraryCalls, fc.integer({ min: 1, max: 9 }), ([operations = []], maximumLength) => {
      const order = schedulesOf(operations, maximumLength).flat(2);
      expect(order.toSorted((a, b) => a - b)).toEqual([...operations.keys()]);
      const last = new Map<string, number>();
      for (const index of order) {
        const operation = operations[index];
        const subject = operation && 'key' in operation && operation.key ? serviceKeyText(operation.key) : 'all';
        expect(index).toBeGreaterThan(last.get(subject) ?? -1);
        last.set(subject, index);
      }
    }),
  );
});

test('Whatever fails in a step blocks nothing in the same step', () => {
  fc.assert(
    fc.property(arbitraryCalls, ([operations = []]) => {
      for (const step of schedulesOf(operations).flat()) {
        const failures = new Failures();
        for (const index of step) {
          const operation = operations[index] ?? addService(WEB);
          expect(failures.blocking(operation)).toBeUndefined();
          const fields = { code: 'ENOMEM', errno: 12, operation: describeOperation(operation), detail: '' } as const;
          failures.record(operation, new KernelError(fields));
        }
      }
    }),
  );
});
