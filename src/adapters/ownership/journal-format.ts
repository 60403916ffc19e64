import type { InventoryEntry, InventoryIntent } from '../../kernel/index.js';
import type { NamespaceStamp } from './namespace-stamp.js';

/**
 * The journal is lines of JSON. The first is the header; each other one records or forgets one key, or confirms several, and
 * the last word about a key holds. A line counts once its line break is there.
 */
const VERSION = 1;

export function headerLine(stamp: NamespaceStamp): string {
  return `${JSON.stringify({ version: VERSION, ...stamp })}\n`;
}

export function recordLine({ key, object, set, imprint }: InventoryIntent): string {
  return `${JSON.stringify({ record: key, object, set, imprint })}\n`;
}

/** `All`: whatever was recorded up to here. */
export function confirmLine(keys: readonly string[] | 'All'): string {
  return `${JSON.stringify({ confirm: keys })}\n`;
}

export function forgetLine(key: string): string {
  return `${JSON.stringify({ forget: key })}\n`;
}

export interface Journal {
  readonly entries: Map<string, InventoryEntry>;
  /** How many bytes are whole lines that were understood; what follows is to be cut off. */
  readonly validBytes: number;
  /** How many lines follow the header. */
  readonly lineCount: number;
}

/** `undefined` where the journal is of another version, boot or namespace, or has no whole header. */
export function parseJournal(text: string, stamp: NamespaceStamp): Journal | undefined {
  const header = headerLine(stamp);
  if (!text.startsWith(header)) return undefined;
  const entries = new Map<string, InventoryEntry>();
  let lineCount = 0;
  let start = header.length;
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    if (!applyLine(text.slice(start, end), entries)) break;
    lineCount++;
    start = end + 1;
  }
  return { entries, validBytes: Buffer.byteLength(text.slice(0, start)), lineCount };
}

/** Whether the line was understood. */
function applyLine(line: string, entries: Map<string, InventoryEntry>): boolean {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return false;
  }
  if (typeof fields !== 'object' || fields === null) return false;
  if ('forget' in fields && typeof fields.forget === 'string') {
    entries.delete(fields.forget);
    return true;
  }
  if ('confirm' in fields) return confirmEntries(fields.confirm, entries);
  if (!('record' in fields && 'object' in fields && 'set' in fields)) return false;
  const { record, object, set } = fields;
  if (typeof record !== 'string' || typeof object !== 'string' || typeof set !== 'string') return false;
  const imprint = 'imprint' in fields && typeof fields.imprint === 'string' ? { imprint: fields.imprint } : {};
  entries.set(record, { object, set, ...imprint });
  return true;
}

function confirmEntries(confirmed: unknown, entries: Map<string, InventoryEntry>): boolean {
  if (confirmed !== 'All' && !Array.isArray(confirmed)) return false;
  for (const key of confirmed === 'All' ? entries.keys() : (confirmed as readonly unknown[])) {
    if (typeof key === 'string') confirmEntry(key, entries);
  }
  return true;
}

export function confirmEntry(key: string, entries: Map<string, InventoryEntry>): void {
  const entry = entries.get(key);
  if (entry?.imprint !== undefined) entries.set(key, { object: entry.object, set: entry.set });
}
