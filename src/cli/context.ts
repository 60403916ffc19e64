import type { LockOutcome, LockRole } from '../adapters/ownership/index.js';
import type { CacheStamp } from '../adapters/state/index.js';
import type { InputResult } from '../adapters/files/index.js';
import type { HealthMemory } from '../health/index.js';
import type { Inventory, IpvsKernel } from '../kernel/index.js';
import type { SourceCache } from '../sources/index.js';
import type { TextSink } from './text-sink.js';

/** All that a command knows of the world. Tests pass their own. */
export interface CliContext {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Of this program. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A clock that never jumps. */
  readonly nowMilliseconds: () => number;
  /**
   * Aborted by SIGINT and SIGTERM, from the first call on: a command that does not ask is ended by them as any
   * program is.
   */
  readonly interruption: () => AbortSignal;
  /** Calls the action at every SIGHUP from now on, which then ends the process no more. */
  readonly onHangup: (action: () => void) => void;
  readonly openKernel: () => Promise<IpvsKernel>;
  readonly openInventory: (stateFolder: string) => Promise<OpenInventory>;
  readonly openSourceCache: (options: CacheOptions) => Promise<OpenSourceCache>;
  readonly openHealthMemory: (options: HealthMemoryOptions) => Promise<HealthMemory>;
  readonly lockTable: (role: LockRole) => Promise<LockOutcome>;
  readonly readInputs: (paths: readonly string[], options: InputOptions) => AsyncIterable<InputResult>;
}

interface InputOptions {
  readonly recursive: boolean;
  readonly signal?: AbortSignal;
}

interface CacheOptions {
  readonly dataFolder: string;
  readonly stamp: CacheStamp;
  readonly maximumAgeSeconds: number;
}

interface HealthMemoryOptions {
  readonly dataFolder: string;
  readonly stateFolder: string;
  readonly onUnusable: (reason: string) => void;
}

export type OpenSourceCache = SourceCache & { close(): Promise<void> };

export type OpenInventory = Inventory & { close(): Promise<void> };

/** 0: fine. 1: any error, which outranks 2: differences, only where they were asked for. */
export type ExitCode = 0 | 1 | 2;
