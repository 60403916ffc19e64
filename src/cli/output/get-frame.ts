import type { InventoryEntry, IpvsKernel, ReadOptions } from '../../kernel/index.js';
import { serviceKeyText } from '../../model/index.js';
import type { KernelService, ObservedService } from '../../model/index.js';
import type { CliContext } from '../context.js';
import { shortObjectName } from '../names.js';
import { countingReader, parseSelector, plainReader, readSelection } from '../selection.js';
import type { Reader, Selection } from '../selection.js';
import { inOrder } from './order.js';
import type { Reporter } from './reporter.js';

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

/** Reads the kernel and the inventory at the same time, where names need not be looked up first. */
export async function readFrame(request: FrameRequest, tools: FrameTools): Promise<Frame> {
  const needsEntries = request.names.length > 0 || request.output !== 'ipvsadm';
  const entries = needsEntries ? readEntries(request.stateFolder, tools) : Promise.resolve(new Map<string, never>());
  if (request.output === 'ipvsadm') {
    const [{ ipvsadmLines }, selection] = await Promise.all([
      import('./ipvsadm-format.js'),
      select(plainReader(tools.kernel), request, entries, tools),
    ]);
    return { texts: mapped(inOrder(selection.services), ipvsadmLines), unmatched: selection.unmatched, isEmpty: false };
  }
  const selection = await select(countingReader(tools.kernel), request, entries, tools);
  const services = inOrder(selection.services);
  const texts = await countedTexts(request.output, services, ownersIn(await entries));
  const isEmpty = services.length === 0 && (request.output === 'table' || request.output === 'wide');
  return { texts, unmatched: selection.unmatched, isEmpty };
}

async function select<Service extends KernelService>(
  reader: Reader<Service>,
  { names }: FrameRequest,
  entries: Promise<Entries>,
  { readOptions }: FrameTools,
): Promise<Selection<Service>> {
  if (names.length === 0) {
    const [selection] = await Promise.all([readSelection(reader, [], readOptions), entries]);
    return selection;
  }
  const known = await entries;
  const selectors = names.map((name) => parseSelector(name, known));
  return readSelection(reader, selectors, readOptions);
}

type OwnerOf = (service: KernelService) => string | undefined;

function ownersIn(entries: Entries): OwnerOf {
  if (entries.size === 0) return () => undefined;
  return ({ key }) => {
    const entry = entries.get(serviceKeyText(key));
    return entry === undefined ? undefined : shortObjectName(entry.object);
  };
}

async function countedTexts(
  output: Exclude<GetFormat, 'ipvsadm'>,
  services: readonly ObservedService[],
  ownerOf: OwnerOf,
): Promise<Iterable<string>> {
  if (output === 'json' || output === 'yaml') {
    const [{ serviceView }, { structuredList }] = await Promise.all([
      import('./service-view.js'),
      import('./structured.js'),
    ]);
    return structuredList(
      'services',
      services.map((service) => serviceView(service, ownerOf(service))),
      output,
    );
  }
  if (services.length === 0) return [];
  const { layOutServiceTable } = await import('./service-table.js');
  const table = layOutServiceTable(services, ownerOf, output === 'wide');
  return withHeader(table.header, mapped(services, table.lines));
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
    const problem = describeError(error);
    if (problem === undefined) throw error;
    await reporter.warn(`the names of objects are not known: ${problem.message}`);
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
