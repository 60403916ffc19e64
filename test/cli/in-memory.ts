import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readInputs } from '../../src/adapters/files/index.js';
import { createHealthMemory, createSourceCache } from '../../src/adapters/state/index.js';
import type { LockOutcome } from '../../src/adapters/ownership/index.js';
import type { CliContext } from '../../src/cli/context.js';
import { runCli } from '../../src/cli/run.js';
import type { TextSink } from '../../src/cli/text-sink.js';
import type { InventoryEntry } from '../../src/kernel/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel, FakeKernelOptions } from '../../src/testing/index.js';
import { inventoryIn } from '../reconcile/memory-inventory.js';

/** A host in memory: a fake kernel, an inventory, and a folder of files. */
export interface Host {
  readonly kernel: FakeKernel;
  readonly inventory: Map<string, InventoryEntry>;
  readonly folder: string;
  /** Writes a file into the folder and returns its path. */
  write(name: string, text: string): Promise<string>;
  run(...args: readonly string[]): Promise<CommandResult>;
  runWith(changes: HostChanges, ...args: readonly string[]): Promise<CommandResult>;
  remove(): Promise<void>;
}

/** What a test has differently from a host where nobody looks and nobody interferes. */
export interface HostChanges {
  readonly terminal?: boolean;
  readonly environment?: CliContext['environment'];
  /** `null`: it never ends. */
  readonly stdin?: string | null;
  readonly lock?: LockOutcome;
  readonly signal?: AbortSignal;
  /** Called with what a command wants done at SIGHUP. */
  readonly onHangup?: (action: () => void) => void;
  /** Called with everything that is written to stderr. */
  readonly onStderr?: (text: string) => void;
  /** Called with everything that is written to stdout; returns false when the reader goes away. */
  readonly onStdout?: (text: string) => boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function createHost(options: FakeKernelOptions = {}): Promise<Host> {
  const kernel = createFakeKernel(options);
  // Each command closes its connection; the next one finds the same kernel.
  kernel.close = () => Promise.resolve();
  const inventory = new Map<string, InventoryEntry>();
  const folder = await mkdtemp(join(tmpdir(), 'ipvs-operator-cli-'));

  const runWith = async (changes: HostChanges, ...args: readonly string[]): Promise<CommandResult> => {
    const [stdout, stderr] = [
      memorySink(changes, changes.onStdout),
      memorySink(changes, (text) => {
        changes.onStderr?.(text);
        return true;
      }),
    ];
    const context: CliContext = {
      stdout,
      stderr,
      version: '1.2.3',
      environment: changes.environment ?? {},
      nowMilliseconds: () => performance.now(),
      interruption: () => changes.signal ?? new AbortController().signal,
      onHangup: (action) => {
        changes.onHangup?.(action);
      },
      openKernel: () => Promise.resolve(kernel),
      openInventory: () => Promise.resolve({ ...inventoryIn(inventory), close: () => Promise.resolve() }),
      openSourceCache: ({ dataFolder, stamp, maximumAgeSeconds }) =>
        Promise.resolve(
          createSourceCache({
            directory: dataFolder,
            stamp,
            bootId: 'boot-1',
            maximumAgeSeconds,
            nowEpochMilliseconds: () => Date.now(),
          }),
        ),
      openHealthMemory: ({ dataFolder, ...some }) =>
        Promise.resolve(createHealthMemory({ directory: dataFolder, ...some })),
      lockTable: () =>
        Promise.resolve(changes.lock ?? { kind: 'Acquired', lock: { release: () => Promise.resolve() } }),
      readInputs: (paths, options) => readInputs(paths, { stdin: stdinOf(changes), ...options }),
    };
    const exitCode = await runCli(args, context);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  };

  return {
    kernel,
    inventory,
    folder,
    async write(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    run: (...args) => runWith({}, ...args),
    runWith,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function stdinOf({ stdin = '' }: HostChanges): Readable {
  if (stdin !== null) return Readable.from([Buffer.from(stdin)]);
  return new Readable({ read: () => undefined });
}

function memorySink(changes: HostChanges, onText?: (text: string) => boolean): TextSink & { text: () => string } {
  let written = '';
  let isOpen = true;
  return {
    isTerminal: changes.terminal === true,
    get isOpen() {
      return isOpen;
    },
    write: (text) => {
      if (isOpen) written += text;
      if (onText?.(text) === false) isOpen = false;
      return Promise.resolve();
    },
    text: () => written,
  };
}
