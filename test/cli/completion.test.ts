import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';

let host: Host;
const scripts = new Map<string, string>();
beforeAll(async () => {
  host = await createHost();
  for (const shell of ['bash', 'zsh', 'fish']) scripts.set(shell, (await host.run('completion', shell)).stdout);
});
afterAll(() => host.remove());

function script(shell: string): string {
  return scripts.get(shell) ?? '';
}

/** What bash offers for the last of these words. */
function complete(...words: readonly string[]): readonly string[] {
  const run = `${script('bash')}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_ipvs_operator
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', run, 'bash', 'ipvs-operator', ...words], {
    encoding: 'utf8',
    cwd: host.folder,
  });
  return output.split('\n').filter((word) => word !== '');
}

describe('completion for bash', () => {
  it('is a script that bash understands', () => {
    expect(() => execFileSync('bash', ['-n'], { input: script('bash') })).not.toThrow();
  });

  it('knows the commands', () => {
    expect(complete('')).toEqual(expect.arrayContaining(['plan', 'apply', 'get', 'export', '--version']));
    expect(complete('a')).toEqual(['apply']);
  });

  it('knows the options of each command', () => {
    expect(complete('apply', '--p')).toEqual(['--prune']);
    expect(complete('get', '--w')).toEqual(['--watch']);
    expect(complete('get', '--prune')).toEqual([]);
  });

  it('knows the values of options and arguments', () => {
    expect(complete('get', '-o', '')).toEqual(['table', 'wide', 'json', 'yaml', 'ipvsadm']);
    expect(complete('export', '--output', 'y')).toEqual(['yaml']);
    expect(complete('completion', 'z')).toEqual(['zsh']);
    expect(complete('help', 'pl')).toEqual(['plan']);
    expect(complete('apply', '--set', '')).toEqual([]);
  });

  it('completes files where files are expected', async () => {
    await host.write('web service.yaml', '');
    expect(complete('apply', '-f', 'web')).toEqual(['web service.yaml']);
  });
});

// Neither shell is needed to build this project: the scripts are held to the program's own help.
describe.each(['zsh', 'fish'])('completion for %s', (shell) => {
  it.each(['plan', 'apply', 'validate', 'get', 'export', 'completion', 'version'])(
    'has %s and all its options',
    async (command) => {
      const help = (await host.run(command, '--help')).stdout;
      const options = [...help.matchAll(/^ {2}(?:-[a-zA-Z], )?--([a-z-]+)/gm)].map(([, name]) => name ?? '');
      expect(options).toContain('help');
      const lines = script(shell)
        .split('\n')
        .filter((line) => line.includes(command))
        .join('\n');
      for (const option of options) expect(lines).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}`);
    },
  );
});
