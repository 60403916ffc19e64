import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../errors/index.js';

/** What was built on this host, then what may have come with the package: of that, what does not fit does not load. */
const ADDON_PATHS = [
  'build/Release/ipvs.node',
  `prebuilds/linux-${process.arch}-glibc/ipvs.node`,
  `prebuilds/linux-${process.arch}-musl/ipvs.node`,
];

/** Looking for it takes longer than most that it is needed for. */
let loaded: unknown;

/**
 * What native/addon.cc exports: each adapter says the type of its own part. Throws UserError where it cannot be loaded.
 */
export function loadNativeAddon(): unknown {
  loaded ??= findNativeAddon();
  return loaded;
}

function findNativeAddon(): unknown {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('ipvs-operator/package.json'));
  return loadFirst(
    require,
    ADDON_PATHS.map((path) => join(folder, path)),
  );
}

/** The first module that can be loaded. Throws UserError where there is none, about the first one that is there. */
export function loadFirst(load: (path: string) => unknown, paths: readonly string[]): unknown {
  const errors: Error[] = [];
  for (const path of paths) {
    try {
      return load(path);
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const cause = errors.find((error) => !('code' in error && error.code === 'MODULE_NOT_FOUND')) ?? errors[0];
  throw new UserError(`cannot load the native addon: ${cause?.message ?? 'there is none'}`, {
    hint: 'build it with `npm run build:native` in the folder of the package ipvs-operator',
    cause,
  });
}
