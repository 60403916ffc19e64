import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors/index.js';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';

let host: Host;
beforeAll(async () => {
  host = await createHost();
});
afterAll(() => host.remove());

describe('the program', () => {
  it.each([['--version'], ['-V'], ['version']])('prints its version: %s', async (argument) => {
    expect(await host.run(argument)).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('lists its commands, and no others', async () => {
    const { exitCode, stdout } = await host.run('--help');
    expect(exitCode).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands).toEqual([
      'plan',
      'apply',
      'run',
      'status',
      'drain',
      'undrain',
      'validate',
      'get',
      'export',
      'completion',
      'version',
      'help',
    ]);
  });

  it.each(['plan', 'apply', 'run', 'status', 'drain', 'undrain', 'validate', 'get', 'export', 'completion'])(
    'has examples for %s',
    async (command) => {
      const { exitCode, stdout } = await host.run(command, '--help');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}# .+\n {2}\S*.*ipvs-operator/);
      expect((await host.run('help', command)).stdout).toBe(stdout);
    },
  );

  it.each([
    [['aply'], "unknown command 'aply'", 'Did you mean apply?'],
    [['apply', '--prnue', '-f', '.'], "unknown option '--prnue'", 'Did you mean --prune?'],
    [['get', '-o', 'xml'], "argument 'xml' is invalid", 'table, wide, json, yaml, ipvsadm'],
    [['apply'], "required option '-f, --filename <path...>' not specified", '--help'],
    [['completion', 'tcsh'], "'tcsh' is invalid", 'bash, zsh, fish'],
    [['apply', '-f', '.', '--max-removals', 'all'], 'A whole number is expected', '--help'],
    [['apply', '-f', '.', '--set', ''], 'letters, digits', '--help'],
    [['export', 'web'], 'too many arguments', '--help'],
  ])('explains what is wrong with %j', async (args, message, help) => {
    const { exitCode, stdout, stderr } = await host.run(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(help);
  });

  it('shows its help on stderr and exits 1 without a command', async () => {
    const { exitCode, stdout, stderr } = await host.run();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('Usage: ipvs-operator');
  });

  it.each([
    [{}, false],
    [{ IPVS_OPERATOR_DEBUG: '1' }, true],
  ])('tells of a bug without its stack, unless asked for it: %j', async (environment, isStackShown) => {
    const broken = await createHost();
    broken.kernel.readTable = () => Promise.reject(new TypeError('x is undefined'));
    const { exitCode, stdout, stderr } = await broken.runWith({ environment }, 'export');
    await broken.remove();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^error: internal error: x is undefined\n {2}.*report.*IPVS_OPERATOR_DEBUG=1.*\n/);
    expect(/^ +at .*program\.test\.ts/m.test(stderr)).toBe(isStackShown);
  });

  it('says that its help could not be written', async () => {
    const full = {
      onStdout: () => {
        throw new UserError('cannot write the output: no space');
      },
    };
    const { exitCode, stderr } = await host.runWith(full, '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'error: cannot write the output: no space\n' });
  });
});
