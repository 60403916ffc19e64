import type { Issue } from '../errors/index.js';
import type { Notice } from '../desired/index.js';
import type { IpvsKernel, KernelTable } from '../kernel/index.js';
import type { WantedState } from '../model/index.js';
import { converge } from '../reconcile/index.js';
import type { ConvergeInput, ConvergeProgress, ConvergeReport } from '../reconcile/index.js';
import type { CliContext } from './context.js';
import { loadInputs } from './inputs.js';
import type { ChangeFlags } from './options.js';
import { counted } from './output/numbers.js';
import type { Reporter } from './output/reporter.js';

/** What became of one round: nothing, because an input is broken, or what the reconciler reports. */
export type RoundOutcome =
  | { readonly kind: 'Refused'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'Done';
      readonly wanted: WantedState;
      readonly notices: readonly Notice[];
      readonly report: ConvergeReport;
    };

export interface RoundRequest {
  readonly flags: ChangeFlags;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads the files and the kernel at the same time, and then converges. A signal before anything is written makes it
 * reject with the signal's reason. Where an input is broken nothing is written, and
 * what is wrong with the kernel is left for the next time.
 */
export async function runRound(request: RoundRequest, context: CliContext, reporter: Reporter): Promise<RoundOutcome> {
  const stopReading = new AbortController();
  const signals = request.signal === undefined ? [stopReading.signal] : [stopReading.signal, request.signal];
  const kernel = openAndRead(context, reporter, AbortSignal.any(signals));
  try {
    const inputs = await loadInputs(request.flags, context, request.signal);
    if (inputs.kind === 'Broken') return { kind: 'Refused', issues: inputs.issues };
    const { wanted, notices } = inputs;
    const report = await convergeWith(wanted, await kernel.opened, kernel.table, request, context, reporter);
    return { kind: 'Done', wanted, notices, report };
  } finally {
    stopReading.abort();
    await Promise.allSettled([kernel.table]);
    await kernel.close();
  }
}

interface ReadingKernel {
  readonly opened: Promise<IpvsKernel>;
  readonly table: Promise<KernelTable>;
  readonly close: () => Promise<void>;
}

function openAndRead(context: CliContext, reporter: Reporter, signal: AbortSignal): ReadingKernel {
  const opened = context.openKernel();
  const onProgress = (done: number): void => {
    showProgress(reporter, { phase: 'Read', done });
  };
  const table = opened.then((kernel) => kernel.readTable({ signal, onProgress }));
  // Whoever awaits them gets the error; until then somebody has to.
  opened.catch(() => undefined);
  table.catch(() => undefined);
  return {
    opened,
    table,
    close: async () => {
      const [result] = await Promise.allSettled([opened]);
      if (result.status === 'fulfilled') await result.value.close();
    },
  };
}

async function convergeWith(
  wanted: WantedState,
  kernel: IpvsKernel,
  table: Promise<KernelTable>,
  { flags, dryRun, signal }: RoundRequest,
  context: CliContext,
  reporter: Reporter,
): Promise<ConvergeReport> {
  const inventory = await context.openInventory(flags.stateDir);
  try {
    const input: ConvergeInput = {
      wanted,
      kernel,
      inventory,
      table,
      options: {
        set: flags.set,
        adopt: flags.adopt === true,
        prune: flags.prune === true,
        allowEmpty: flags.allowEmpty === true,
        ...(flags.maxRemovals === undefined ? {} : { maximumRemovals: flags.maxRemovals }),
        dryRun,
      },
      nowMilliseconds: context.nowMilliseconds,
      onProgress: (progress) => {
        showProgress(reporter, progress);
      },
    };
    return await converge(signal === undefined ? input : { ...input, signal });
  } finally {
    reporter.clearProgress();
    await inventory.close();
  }
}

function showProgress(reporter: Reporter, { phase, done, total }: ConvergeProgress): void {
  if (phase === 'Read') reporter.progress(`reading the kernel's table: ${counted(done, 'service')}`);
  else reporter.progress(`writing to the kernel: ${done} of ${counted(total ?? done, 'operation')}`);
}
