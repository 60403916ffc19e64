import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const root = new URL('../..', import.meta.url);

/** What is in the package besides what npm puts into every one; all of dist only where it was built. */
const PLACES = [
  /^dist\/.+\.(js|d\.ts)$/,
  /^dist\/command\/THIRD-PARTY-NOTICES$/,
  /^prebuilds\/linux-[a-z0-9]+-(glibc|musl)\/ipvs\.node$/,
  /^native\/([a-z_]+\.(cc|h)|build\.sh)$/,
  /^binding\.gyp$/,
  /^crds\/[a-z._-]+\.yaml$/,
  /^deploy\//,
  /^CHANGELOG\.md$/,
];
const ALWAYS = ['LICENSE', 'README.md', 'package.json'];

async function listPackage(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as readonly { readonly files: readonly { readonly path: string }[] }[];
  return packed?.files.map(({ path }) => path) ?? [];
}

test('The package has the program, what the addon is built from, and what is deployed; nothing else', async () => {
  const files = await listPackage();
  expect(files.filter((path) => !ALWAYS.includes(path) && !PLACES.some((place) => place.test(path)))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining([...ALWAYS, 'binding.gyp', 'native/build.sh', 'native/addon.cc']));
});

test('Installing the package builds nothing: a compiler is not everywhere, and nobody expects one to run', () => {
  expect(packageJson.gypfile).toBe(false);
  expect(Object.keys(packageJson.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});
