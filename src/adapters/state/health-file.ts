import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors/index.js';
import { NOTHING_STORED } from '../../health/index.js';
import type { HealthMemory, StoredHealth } from '../../health/index.js';
import { isCanonicalAddress } from '../../model/index.js';
import { makePrivateFolder, readPrivateFile, replacePrivateFile } from '../private-files.js';

export interface HealthFileOptions {
  /** /var/lib/ipvs-operator */
  readonly directory: string;
  /** /run/ipvs-operator: tells controllers of one host apart, each of which has its own. */
  readonly stateFolder: string;
  /** Is told why what an earlier run kept cannot be used. */
  readonly onUnusable: (reason: string) => void;
}

const VERSION = 1;

/** What is known of servers beyond what is declared, in one file. */
export function createHealthMemory({ directory, stateFolder, onUnusable }: HealthFileOptions): HealthMemory {
  const name = createHash('sha256').update(resolve(stateFolder)).digest('hex').slice(0, 16);
  const path = join(directory, `health-${name}.json`);
  return {
    load: async () => {
      try {
        const content = await readPrivateFile(path);
        if (content === undefined) return NOTHING_STORED;
        const stored = parseStored(content.toString());
        if (stored !== undefined) return stored;
        onUnusable(`${path} is damaged, or of another version`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        onUnusable(error.message);
      }
      return NOTHING_STORED;
    },
    save: async ({ targets, advised, services, drains, departures }) => {
      const text = JSON.stringify({ version: VERSION, drains, departures, services, advised, targets });
      await makePrivateFolder(directory);
      await replacePrivateFile(path, `${text}\n`);
    },
  };
}

function parseStored(text: string): StoredHealth | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // What did not exist in earlier versions is absent in their files.
  const { version, targets, advised = {}, services, drains, departures = {} } = fieldsOf(value);
  const isGood =
    version === VERSION &&
    isList(targets, (target) => typeof target === 'string') &&
    Object.values(fieldsOf(advised)).every(isAdvised) &&
    isList(drains, isDrain) &&
    Object.values(fieldsOf(departures)).every(isDeparture) &&
    Object.values(fieldsOf(services)).every(isService);
  // Checked field by field above.
  return isGood ? ({ targets, advised, services, drains, departures } as unknown as StoredHealth) : undefined;
}

function isAdvised(value: unknown): boolean {
  const { state, mode, weight } = fieldsOf(value);
  const { kind, percent, weight: absolute } = fieldsOf(weight);
  return (
    (state === 'Up' || state === 'Down') &&
    (mode === 'Ready' || mode === 'Drain' || mode === 'Maintenance') &&
    (weight === null ||
      (kind === 'Percent' && typeof percent === 'number') ||
      (kind === 'Absolute' && typeof absolute === 'number'))
  );
}

function isDrain(value: unknown): boolean {
  const { address, port, service } = fieldsOf(value);
  return isAddress(address) && isNumberOrNull(port) && (service === null || typeof service === 'string');
}

function isService(value: unknown): boolean {
  const { hasQuorum, ramps, leaving } = fieldsOf(value);
  return (
    typeof hasQuorum === 'boolean' &&
    Object.values(fieldsOf(ramps)).every((time) => typeof time === 'number') &&
    isList(leaving, isLeaving)
  );
}

function isLeaving(value: unknown): boolean {
  const { server, sinceMilliseconds, deadlineMilliseconds } = fieldsOf(value);
  const { address, port, weight, forwarding } = fieldsOf(server);
  return (
    typeof sinceMilliseconds === 'number' &&
    typeof deadlineMilliseconds === 'number' &&
    isAddress(address) &&
    typeof port === 'number' &&
    typeof weight === 'number' &&
    typeof forwarding === 'string'
  );
}

function isDeparture(value: unknown): boolean {
  const { object, drainMilliseconds, sinceMilliseconds } = fieldsOf(value);
  return typeof object === 'string' && typeof drainMilliseconds === 'number' && isNumberOrNull(sinceMilliseconds);
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && isCanonicalAddress(value);
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

/** The fields of what is no mapping are all absent. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
