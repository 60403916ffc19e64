import type { Operation, ServiceKey } from '../../model/index.js';
import { AddressParser } from './address-bytes.js';
import { COMMANDS, ROLE_NUMBERS } from './kernel-numbers.js';
import {
  RefusedValue,
  writeDaemon,
  writeServer,
  writeServerKey,
  writeServiceKey,
  writeSettings,
  writeTimeouts,
} from './operation-records.js';
import { DAEMON, KEY, OPERATION } from './record-layout.js';
import { recordMemory } from './record-memory.js';
import type { RecordMemory } from './record-memory.js';

/** An operation that the addon carries out; sysctls are files. */
export type KernelOperation = Exclude<Operation, { readonly kind: 'SetSysctl' }>;

const KEY_WORDS = KEY.size / 4;

/**
 * Packs operations into records, one behind the other. What the kernel would not check, or would cut to the width of a
 * field, is checked here: callers without types exist.
 */
export class OperationPacker {
  readonly #memory: RecordMemory;
  readonly #addresses = new AddressParser();
  #size = 0;
  /** Operations on one service follow each other and share the key object: its record is made once, and is here. */
  #key: ServiceKey | undefined;
  readonly #keyRecord = recordMemory(new ArrayBuffer(KEY.size));

  constructor(capacity: number) {
    this.#memory = recordMemory(new ArrayBuffer(capacity * OPERATION.size));
  }

  get count(): number {
    return this.#size / OPERATION.size;
  }

  /** Good until the packer is cleared. */
  get bytes(): Uint8Array {
    return this.#memory.bytes.subarray(0, this.#size);
  }

  clear(): void {
    this.#memory.words.fill(0, 0, this.#size / 4);
    this.#size = 0;
  }

  /** Appends an operation, for which there must be room. Gives the reason where it is refused, and appends nothing. */
  add(operation: KernelOperation): string | undefined {
    const start = this.#size;
    try {
      this.#memory.bytes[start + OPERATION.command] = COMMANDS[operation.kind];
      this.#write(operation, start, start + OPERATION.subject);
      this.#size += OPERATION.size;
      return undefined;
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error;
      this.#memory.bytes.fill(0, start, start + OPERATION.size);
      return error.message;
    }
  }

  #write(operation: KernelOperation, start: number, subject: number): void {
    const memory = this.#memory;
    switch (operation.kind) {
      case 'AddServer':
      case 'EditServer':
        this.#writeKey(operation.key, start);
        writeServer(memory, this.#addresses, subject, operation.server);
        return;
      case 'DeleteServer':
        this.#writeKey(operation.key, start);
        writeServerKey(memory, this.#addresses, subject, operation.server);
        return;
      case 'AddService':
      case 'EditService':
        this.#writeKey(operation.key, start);
        writeSettings(memory, subject, operation.settings, this.#keyRecord.bytes[KEY.family] ?? 0);
        return;
      case 'DeleteService':
        this.#writeKey(operation.key, start);
        return;
      case 'ZeroStatistics':
        if (operation.key !== null) this.#writeKey(operation.key, start);
        return;
      case 'Flush':
        return;
      case 'SetTimeouts':
        writeTimeouts(memory, subject, operation.timeouts);
        return;
      case 'StartDaemon':
        writeDaemon(memory, this.#addresses, subject, operation.daemon);
        return;
      case 'StopDaemon':
        memory.bytes[subject + DAEMON.role] = ROLE_NUMBERS[operation.role];
        return;
    }
  }

  #writeKey(key: ServiceKey, start: number): void {
    const record = this.#keyRecord.words;
    if (key !== this.#key) {
      this.#key = undefined;
      record.fill(0);
      writeServiceKey(this.#keyRecord, this.#addresses, 0, key);
      this.#key = key;
    }
    const { words } = this.#memory;
    const to = (start + OPERATION.key) >> 2;
    for (let i = 0; i < KEY_WORDS; i++) words[to + i] = record[i] ?? 0;
  }
}

/** Packs keys. Throws RangeError for one that the kernel cannot have. */
export function packKeys(keys: readonly ServiceKey[]): Uint8Array {
  const memory = recordMemory(new ArrayBuffer(keys.length * KEY.size));
  const addresses = new AddressParser();
  keys.forEach((key, i) => {
    writeServiceKey(memory, addresses, i * KEY.size, key);
  });
  return memory.bytes;
}
