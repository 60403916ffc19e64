import { crc32 } from 'node:zlib';
import { restoreDocument, restoreSurroundings, storeDocument, storeSurroundings } from '../../desired/index.js';
import type { DeclaredDocument, Surroundings } from '../../desired/index.js';
import type { SourceContent } from '../../sources/index.js';

/**
 * The cache is lines of JSON. The first is the header. Then come units and surroundings as they became, and after every batch that left
 * a complete state a seal, with the checksum of all bytes since the seal before. What no seal follows does not count:
 * so wherever the file is cut off, it holds a complete state, or none.
 */
const VERSION = 1;

/** What a cache is true of. */
export interface CacheStamp {
  readonly source: string;
  readonly node: string;
  /** Of a cluster: which one it is. */
  readonly cluster?: string;
}

export function cacheHeaderLine({ source, node, cluster = '' }: CacheStamp, bootId: string): string {
  return `${JSON.stringify({ version: VERSION, source, node, cluster, bootId })}\n`;
}

export function unitLine(unit: string, documents: readonly DeclaredDocument[] | undefined): string {
  return documents === undefined
    ? `${JSON.stringify({ gone: unit })}\n`
    : `${JSON.stringify({ unit, documents: documents.map(storeDocument) })}\n`;
}

export function surroundingsLine(surroundings: Partial<Surroundings>): string {
  return `${JSON.stringify({ surroundings: storeSurroundings(surroundings) })}\n`;
}

/** @param checksum of all bytes since the seal before */
export function sealLine(savedAt: number, checksum: number): string {
  return `${JSON.stringify({ savedAt, checksum })}\n`;
}

export interface SealedContent extends SourceContent {
  readonly kind: 'Sealed';
  readonly savedAt: number;
  readonly bootId: string;
}

export type ParsedCache = SealedContent | { readonly kind: 'Foreign' } | { readonly kind: 'Damaged' };

const LINES_PER_TURN = 64;
const NEWLINE = 10;

/** Reads up to the last whole seal. `pause` is awaited often enough for others to get their turn. */
export async function parseCache(content: Buffer, stamp: CacheStamp, pause: () => Promise<void>): Promise<ParsedCache> {
  const headerEnd = content.indexOf(NEWLINE) + 1;
  const header = parseLine(content.subarray(0, headerEnd));
  if (header === undefined || typeof header['bootId'] !== 'string') return { kind: 'Damaged' };
  const { bootId } = header;
  if (content.toString('utf8', 0, headerEnd) !== cacheHeaderLine(stamp, bootId)) return { kind: 'Foreign' };

  const units = new Map<string, readonly DeclaredDocument[]>();
  let batch: [unit: string, documents: readonly DeclaredDocument[] | undefined][] = [];
  let surroundings: Partial<Surroundings> = {};
  let batchSurroundings = surroundings;
  let savedAt: number | undefined;
  let sealedEnd = 0;
  let lineCount = 0;
  for (let start = headerEnd; ;) {
    const end = content.indexOf(NEWLINE, start) + 1;
    const line = end === 0 ? undefined : parseLine(content.subarray(start, end));
    if (line === undefined) break;
    if (typeof line['savedAt'] === 'number') {
      if (line['checksum'] !== crc32(content.subarray(sealedEnd, start))) break;
      for (const [unit, documents] of batch) {
        if (documents === undefined) units.delete(unit);
        else units.set(unit, documents);
      }
      batch = [];
      surroundings = batchSurroundings;
      savedAt = line['savedAt'];
      sealedEnd = end;
    } else if (typeof line['gone'] === 'string') batch.push([line['gone'], undefined]);
    else if (typeof line['unit'] === 'string') batch.push([line['unit'], readStored(line['documents'])]);
    else if (line['surroundings'] !== undefined) batchSurroundings = restoreSurroundings(line['surroundings']);
    start = end;
    if (++lineCount % LINES_PER_TURN === 0) await pause();
  }
  return savedAt === undefined ? { kind: 'Damaged' } : { kind: 'Sealed', units, surroundings, savedAt, bootId };
}

/** A unit of which something is no document any more is left out whole: half of it would mean something else. */
function readStored(stored: unknown): readonly DeclaredDocument[] | undefined {
  if (!Array.isArray(stored)) return undefined;
  const documents: DeclaredDocument[] = [];
  for (const item of stored as readonly unknown[]) {
    const document = restoreDocument(item);
    if (document === undefined) return undefined;
    documents.push(document);
  }
  return documents;
}

function parseLine(line: Buffer): Readonly<Record<string, unknown>> | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
  return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined;
}
