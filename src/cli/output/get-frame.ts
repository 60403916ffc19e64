import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InventoryEntry, IpvsKernel, ReadOptions } from '../../kernel/index.js';
import { serviceKeyText } from '../../model/index.js';
import type { KernelService, ObservedService } from '../../model/index.js';
import type { CliContext } from '../context.js';
import type { HealthReports } from '../controller/ask-health.js';
import { CONTROL_SOCKET } from '../controller/control-paths.js';
import { shortObjectName } from '../names.js';
import type { Reader, Selection } from '../selection.js';
import { inOrder } from './order.js';
import type { Reporter } from './reporter.js';
import type { ServiceTable } from './service-table.js';

export type GetFormat = 'table' | 'wide' | 'json' | 'yaml' | 'ipvsadm';

export interface FrameRequest {
  /** See `parseSelector`; none is everything. */
  readonly names: readonly string[];
  readonly output: GetFormat;
  readonly stateFolder: string;
}

export interface FrameTools {
  readonly kernel: IpvsKernel;
  readonly reporter: Reporter;
  readonly openInventory: CliContext['openInventory'];
  readonly readOptions: ReadOptions;
}

/** The table at one moment, as text. */
export interface Frame {
  readonly texts: Iterable<string>;
  /** Names that nothing in the kernel answers to. */
  readonly unmatched: readonly string[];
  /** Whether there is nothing to see, not even in words of the format. */
  readonly isEmpty: boolean;
}

type Entries = ReadonlyMap<string, InventoryEntry>;

/** What is not needed is not loaded: the inventory of an empty table, or what understands names without any. */
export async function readFrame(request: FrameRequest, tools: FrameTools): Promise<Frame> {
  const { kernel } = tools;
  let entries: Promise<Entries> | undefined;
  const loadEntries = (): Promise<Entries> => (entries ??= readEntries(request.stateFolder, tools));
  if (request.output === 'ipvsadm') {
    const reader: Reader<KernelService> = {
      all: (options) => kernel.readTable(options),
      some: (keys, options) => kernel.readServices(keys, options),
    };
    const { services, unmatched } = await select(reader, request.names, loadEntries, tools);
    const { ipvsadmLines } = await import('./ipvsadm-format.js');
    return { texts: mapped(inOrder(services), ipvsadmLines), unmatched, isEmpty: false };
  }
  const reader: Reader<ObservedService> = {
    all: (options) => kernel.readObservedTable(options),
    some: (keys, options) => kernel.readObservedServices(keys, options),
  };
  const { services, unmatched } = await select(reader, request.names, loadEntries, {
    ...tools,
    readOptions: { ...tools.readOptions, onProgress: loadingMeanwhile(loadEntries, tools.readOptions.onProgress) },
  });
  const ordered = inOrder(services);
  const ownerOf = ordered.length === 0 ? NOBODY : ownersIn(await loadEntries());
  const health = await readHealth(request, ordered, tools);
  const texts = await countedTexts(request.output, ordered, ownerOf, health);
  const isEmpty = ordered.length === 0 && (request.output === 'table' || request.output === 'wide');
  return { texts, unmatched, isEmpty };
}

/** Whoever waits for the kernel has time to read what is needed afterwards, once there is something to say about. */
function loadingMeanwhile(
  loadEntries: () => Promise<Entries>,
  onProgress: ReadOptions['onProgress'],
): (done: number) => void {
  return (done) => {
    if (done > 0) loadEntries().catch(() => undefined);
    onProgress?.(done);
  };
}

async function select<Service extends KernelService>(
  reader: Reader<Service>,
  names: readonly string[],
  loadEntries: () => Promise<Entries>,
  { readOptions }: FrameTools,
): Promise<Selection<Service>> {
  if (names.length === 0) return { services: (await reader.all(readOptions)).values(), unmatched: [] };
  const { parseSelector, readSelection } = await import('../selection.js');
  const entries = await loadEntries();
  const selectors = names.map((name) => parseSelector(name, entries));
  return readSelection(reader, selectors, readOptions);
}

type OwnerOf = (service: KernelService) => string | undefined;

const NOBODY: OwnerOf = () => undefined;

function ownersIn(entries: Entries): OwnerOf {
  if (entries.size === 0) return NOBODY;
  return ({ key }) => {
    const entry = entries.get(serviceKeyText(key));
    return entry === undefined ? undefined : shortObjectName(entry.object);
  };
}

async function countedTexts(
  output: Exclude<GetFormat, 'ipvsadm'>,
  services: readonly ObservedService[],
  ownerOf: OwnerOf,
  health: HealthReports | undefined,
): Promise<Iterable<string>> {
  if (output === 'json' || output === 'yaml') {
    const [{ serviceView }, { structuredList }] = await Promise.all([
      import('./service-view.js'),
      import('./structured.js'),
    ]);
    return structuredList(
      'services',
      services.map((service) => serviceView(service, ownerOf(service), health?.get(serviceKeyText(service.key)))),
      output,
    );
  }
  if (services.length === 0) return [];
  const { layOutServiceTable } = await import('./service-table.js');
  const wide = output === 'wide';
  if (health === undefined) return tableTexts(layOutServiceTable(services, ownerOf, { wide }), services);
  const { healthColumns } = await import('./health-columns.js');
  const columns = healthColumns(health, Date.now());
  return tableTexts(layOutServiceTable(services, ownerOf, { wide, health: columns }), services);
}

function tableTexts(table: ServiceTable, services: readonly ObservedService[]): Iterable<string> {
  return withHeader(table.header, mapped(services, table.lines));
}

/** How servers are, where a controller runs and says so: without one, nothing is loaded and nobody is asked. */
async function readHealth(
  { stateFolder, names }: FrameRequest,
  services: readonly ObservedService[],
  { reporter }: FrameTools,
): Promise<HealthReports | undefined> {
  const socketPath = join(stateFolder, CONTROL_SOCKET);
  if (services.length === 0 || !existsSync(socketPath)) return undefined;
  const { askHealth } = await import('../controller/ask-health.js');
  const answer = await askHealth(socketPath, names.length === 0 ? [] : services.map(({ key }) => serviceKeyText(key)));
  if (answer.kind === 'Reports') return answer.reports.size === 0 ? undefined : answer.reports;
  if (answer.kind === 'Failure')
    await reporter.warn(`what the controller knows of servers is missing: ${answer.reason}`);
  return undefined;
}

/** What this program made, by key; nothing where that cannot be read: the kernel's table is what was asked for. */
async function readEntries(stateFolder: string, { openInventory, reporter }: FrameTools): Promise<Entries> {
  try {
    const inventory = await openInventory(stateFolder);
    const entries = inventory.entries();
    await inventory.close();
    return entries;
  } catch (error) {
    const { describeError } = await import('../problems.js');
    await reporter.warn(`the names of objects are not known: ${describeError(error).message}`);
    return new Map();
  }
}

function* withHeader(header: string, lines: Iterable<string>): Generator<string> {
  yield header;
  yield* lines;
}

function* mapped<Item>(items: Iterable<Item>, text: (item: Item) => string): Generator<string> {
  for (const item of items) yield text(item);
}
