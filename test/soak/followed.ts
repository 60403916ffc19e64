/**
 * `node followed.js FOLDER DECLARED`: the whole controller on a folder of declarations, over a kernel in memory, since this
 * machine may have none. Its state is kept below FOLDER. Prints a line of JSON for each write to the kernel: an `Applied`.
 */
import { join } from 'node:path';
import { createProcessContext } from '../../src/cli/app.js';
import { runCli } from '../../src/cli/run.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { createFakeKernel } from '../../src/testing/index.js';

export interface Applied {
  /** The time of the day when the controller began to write. */
  readonly atMilliseconds: number;
  readonly operations: number;
}

const kernel = createFakeKernel();
const watched: IpvsKernel = new Proxy<IpvsKernel>(kernel, {
  get: (_, name) => {
    if (name === 'apply') return apply;
    const value: unknown = Reflect.get(kernel, name, kernel);
    return typeof value === 'function' ? (value.bind(kernel) as unknown) : value;
  },
});

const apply: IpvsKernel['apply'] = (operations, options) => {
  const applied: Applied = {
    atMilliseconds: performance.timeOrigin + performance.now(),
    operations: operations.length,
  };
  process.stdout.write(`${JSON.stringify(applied)}\n`);
  return kernel.apply(operations, options);
};

const [folder = '.', declared = '.'] = process.argv.slice(2);
const kept = ['--state-dir', join(folder, 'state'), '--data-dir', join(folder, 'data'), '--listen', 'none'];
process.exitCode = await runCli(['run', '-f', declared, ...kept], {
  ...createProcessContext(),
  openKernel: () => Promise.resolve(watched),
  lockTable: () => Promise.resolve({ kind: 'Acquired', lock: { release: () => Promise.resolve() } }),
});
