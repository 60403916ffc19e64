import { describe, expect, test } from 'vitest';
import { probeStarter } from '../../../src/adapters/probes/index.js';
import type { Outcome } from '../../../src/adapters/probes/probe.js';
import type { ExecCheck } from '../../../src/model/index.js';
import { NEEDS_ROOT, programFolder, runner, script } from '../programs/host-programs.js';
import { outcomeOf } from './outcome.js';
import { target } from './servers.js';

const exec = (some: Partial<ExecCheck> = {}): ExecCheck => ({
  type: 'Exec',
  command: ['check'],
  environment: [],
  ...some,
});

/** What a check finds whose program has these lines. */
async function check(lines: string, some: Partial<ExecCheck> = {}, timeoutMilliseconds = 5000): Promise<Outcome> {
  const folder = await programFolder();
  await script(folder, 'check', lines);
  const start = probeStarter({ programs: await runner(folder) });
  return outcomeOf(start, target(exec(some), 8080, { timeoutMilliseconds }));
}

describe('a probe by a program', NEEDS_ROOT, () => {
  test.each([
    ['passes with exit code 0', 'exit 0', { code: 'PROCOK', message: '' }],
    ['fails with 1, and says the last line', 'echo a; echo no table; exit 1', { code: 'PROCERR', message: 'no table' }],
    ['fails with 1 and without words', 'exit 1', { code: 'PROCERR', message: 'exit code 1' }],
    ['fails by a signal', 'kill -9 $$', { code: 'PROCERR', message: 'the program was killed by SIGKILL' }],
    ['passes with 2, for no weight', 'exit 2', weight(0)],
    ['passes with 52, for the weight 50', 'exit 52', weight(50)],
    ['passes with 255, for the weight 253', 'exit 255', weight(253)],
  ])('%s', async (_, lines, expected) => {
    expect(await check(lines)).toEqual(expected);
  });

  test('tells the program what it is about', async () => {
    const command = ['check', '--fast', '127.0.0.1:8080'];
    const environment = [
      { name: 'CHECK_TABLE', value: 'a b' },
      { name: 'IPVS_PORT', value: '1' },
    ];
    const lines = 'echo "$1 $2 $IPVS_ADDRESS $IPVS_PORT $IPVS_TIMEOUT_SECONDS $CHECK_TABLE"; exit 1';
    expect(await check(lines, { command, environment })).toMatchObject({
      message: '--fast 127.0.0.1:8080 127.0.0.1 8080 5 a b',
    });
  });

  test('ends the program when its time is up', async () => {
    expect(await check('sleep 1003.5', {}, 200)).toMatchObject({ code: 'PROCTOUT' });
  });

  test('says nothing about the server where the program is not there', async () => {
    const outcome = await check('exit 0', { command: ['other'] });
    expect(outcome).toMatchObject({ code: 'PROCERR', isInconclusive: true });
    expect(outcome.message).toMatch(/^other is not in \//);
  });

  test('says nothing about the server where it does not come to its turn', async () => {
    const folder = await programFolder();
    await script(folder, 'check', 'sleep 0.5');
    const start = probeStarter({ programs: await runner(folder, 1) });
    const asked = target(exec(), 8080, { timeoutMilliseconds: 300 });
    const outcomes = await Promise.all([outcomeOf(start, asked), outcomeOf(start, asked)]);
    expect(outcomes.map(({ code }) => code)).toEqual(['PROCTOUT', 'SOCKERR']);
  });

  test('says nothing about the server where its turn leaves it less than its time', async () => {
    const folder = await programFolder();
    await script(folder, 'check', 'sleep $CHECK_SECONDS');
    const start = probeStarter({ programs: await runner(folder, 1) });
    const asked = (seconds: string): ReturnType<typeof target> =>
      target(exec({ environment: [{ name: 'CHECK_SECONDS', value: seconds }] }), 8080, { timeoutMilliseconds: 1500 });
    const outcomes = await Promise.all([outcomeOf(start, asked('0.3')), outcomeOf(start, asked('1.4'))]);
    expect(outcomes.map(({ code }) => code)).toEqual(['PROCOK', 'SOCKERR']);
  });
});

test('tells the program where it is to ask from, and with which mark, where that is declared', async () => {
  const told: Readonly<Record<string, string>>[] = [];
  const start = probeStarter({
    programs: {
      run: ({ environment }, end) => {
        told.push(environment);
        setImmediate(end, { kind: 'Exited', code: 0, lastLine: '' });
        return { waitedMilliseconds: 0, stop: () => undefined };
      },
    },
  });
  const common = { IPVS_ADDRESS: '127.0.0.1', IPVS_PORT: '8080', IPVS_TIMEOUT_SECONDS: '0.3' };
  await outcomeOf(start, target(exec(), 8080));
  await outcomeOf(start, target(exec(), 8080, { sourceAddress: '127.0.0.9', firewallMark: 7 }));
  expect(told).toEqual([common, { ...common, IPVS_SOURCE_ADDRESS: '127.0.0.9', IPVS_FIREWALL_MARK: '7' }]);
});

test('without programs nothing is said about the server', async () => {
  expect(await outcomeOf(probeStarter(), target(exec(), 8080))).toEqual({
    code: 'PROCERR',
    message: 'this controller runs no programs',
    isInconclusive: true,
  });
});

function weight(value: number): Outcome {
  return { code: 'PROCOK', message: '', advice: { weight: { kind: 'Absolute', weight: value } } };
}
