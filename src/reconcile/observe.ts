import type { IpvsKernel, KernelTable } from '../kernel/index.js';
import { parseServiceKeyText, serviceKeyText } from '../model/index.js';
import type { ServiceKey } from '../model/index.js';
import { observationNeeds } from '../plan/index.js';
import type { ObservedState } from '../plan/index.js';
import type { ConvergeInput } from './converge-types.js';

export interface ObserveOptions {
  /** A read of the whole table that is under way already. */
  readonly table: Promise<KernelTable> | undefined;
  /** Makes the reads reject with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/** Keys between two pauses. */
const KEYS_PER_STEP = 1000;

/** Reads all that the next plan needs: the services of the scope, or the whole table and the director's settings. */
export async function observe(input: ConvergeInput, options: ObserveOptions): Promise<ObservedState> {
  const { scope } = input.options;
  if (scope !== undefined) {
    const services = await readServicesOf(scope, input.kernel, options);
    return { services, timeouts: null, daemons: null, sysctls: null };
  }
  const needs = observationNeeds(input.wanted, input.inventory.entries());
  const [services, timeouts, daemons, sysctls] = await Promise.all([
    readWholeTable(input, options),
    needs.timeouts ? input.kernel.readTimeouts() : null,
    needs.daemons ? input.kernel.readDaemons() : null,
    needs.sysctls.length > 0 ? input.kernel.readSysctls(needs.sysctls) : null,
  ]);
  return { services, timeouts, daemons, sysctls };
}

/**
 * A read of the whole table may miss services while another program adds and deletes some. Taking one of ours for lost
 * would make it a stranger's for ever, so each one that seems lost is asked for by its key.
 */
async function readWholeTable(input: ConvergeInput, options: ObserveOptions): Promise<KernelTable> {
  const read = options.table ?? readTable(input, options);
  const table = await read;
  const lost: string[] = [];
  let count = 0;
  for (const key of input.inventory.entries().keys()) {
    if (!table.has(key)) lost.push(key);
    if (++count % KEYS_PER_STEP === 0) await input.pause?.();
  }
  const found = await readServicesOf(lost, input.kernel, options);
  return found.size === 0 ? table : new Map([...table, ...found]);
}

function readTable({ kernel, onProgress }: ConvergeInput, { signal }: ObserveOptions): Promise<KernelTable> {
  return kernel.readTable({
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (done: number) => {
            onProgress({ phase: 'Read', done });
          },
        }),
  });
}

/** Texts that are no service's key, such as those of daemons, are left out, and so are services that do not exist. */
async function readServicesOf(
  texts: Iterable<string>,
  kernel: IpvsKernel,
  { signal }: ObserveOptions,
): Promise<KernelTable> {
  const keys = [...texts].map(parseServiceKeyText).filter((key): key is ServiceKey => key !== undefined);
  if (keys.length === 0) return new Map();
  const services = await kernel.readServices(keys, signal === undefined ? {} : { signal });
  return new Map(
    services.flatMap((service) => (service === undefined ? [] : [[serviceKeyText(service.key), service]])),
  );
}
