import { describe, expect, test } from 'vitest';
import type { OperationKind } from '../../src/model/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { daemonCases } from './daemon-cases.js';
import { nonsenseCases } from './nonsense-cases.js';
import { DOCUMENTED_OUTCOMES } from './operation-case.js';
import type { OperationCase } from './operation-case.js';
import { serverCases } from './server-cases.js';
import { serviceCases } from './service-cases.js';
import { describeResult, EMPTY, mustApply, sortServices, takeSnapshot } from './snapshot.js';
import { wholeCases } from './whole-cases.js';

const CASES: readonly OperationCase[] = [
  ...serviceCases,
  ...serverCases,
  ...daemonCases,
  ...wholeCases,
  ...nonsenseCases,
];
const KINDS = Object.keys(DOCUMENTED_OUTCOMES) as OperationKind[];

export function describeOperations(current: () => IpvsKernel): void {
  describe.each(KINDS)('%s', (kind) => {
    const cases = CASES.filter(({ operation }) => operation.kind === kind);

    test('has a case for every documented outcome, and no other', () => {
      expect([...new Set(cases.map(({ outcome }) => outcome))].sort()).toEqual([...DOCUMENTED_OUTCOMES[kind]].sort());
    });

    test.each(cases)('$name', async ({ given = [], operation, outcome, leaves = {} }) => {
      const kernel = current();
      await mustApply(kernel, given);
      const before = await takeSnapshot(kernel);
      const results = await kernel.apply([operation]);
      expect(results.map(describeResult)).toEqual([outcome]);
      const expected = outcome === 'Done' ? { ...EMPTY, ...leaves } : before;
      expect(await takeSnapshot(kernel)).toEqual({ ...expected, services: sortServices(expected.services) });
    });
  });

  describe('SetSysctl, read back', () => {
    test.each([
      ['a number', 'expire_nodest_conn', '1', '1'],
      ['a number below zero', 'sloppy_tcp', '-1', '-1'],
      ['a pair', 'sync_threshold', '5 60', '5\t60'],
    ])('gives %s', async (_, name, written, read) => {
      const kernel = current();
      const before = await kernel.readSysctls([name]);
      await mustApply(kernel, [{ kind: 'SetSysctl', name, value: written }]);
      expect(await kernel.readSysctls([name])).toEqual({ [name]: read });
      await mustApply(kernel, [{ kind: 'SetSysctl', name, value: before[name] ?? '' }]);
      expect(await kernel.readSysctls([name])).toEqual(before);
    });

    test('keeps the second number of a pair that is not given', async () => {
      const kernel = current();
      await mustApply(kernel, [
        { kind: 'SetSysctl', name: 'sync_threshold', value: '3 50' },
        { kind: 'SetSysctl', name: 'sync_threshold', value: '7' },
      ]);
      expect(await kernel.readSysctls(['sync_threshold'])).toEqual({ sync_threshold: '7\t50' });
      await mustApply(kernel, [{ kind: 'SetSysctl', name: 'sync_threshold', value: '3 50' }]);
    });

    test('keeps the old value where the new one is refused', async () => {
      const kernel = current();
      const before = await kernel.readSysctls(['sync_threshold']);
      const results = await kernel.apply([{ kind: 'SetSysctl', name: 'sync_threshold', value: '50 3' }]);
      expect(results.map(describeResult)).toEqual(['EINVAL']);
      expect(await kernel.readSysctls(['sync_threshold'])).toEqual(before);
    });
  });

  test('An error names the operation in words', async () => {
    const [result] = await current().apply([
      { kind: 'DeleteService', key: { protocol: 'TCP', address: '10.0.0.9', port: 443 } },
    ]);
    expect(result).toMatchObject({
      status: 'Failed',
      error: { name: 'KernelError', code: 'ESRCH', errno: 3, operation: 'delete service TCP 10.0.0.9:443' },
    });
  });
}
