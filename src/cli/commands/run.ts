import { join } from 'node:path';
import { serveAddress, serveSocket } from '../../adapters/http/index.js';
import type { RunningServer } from '../../adapters/http/index.js';
import { createLog } from '../../adapters/log/index.js';
import type { Log, LogFormat } from '../../adapters/log/index.js';
import { createControllerMetrics } from '../../adapters/metrics/index.js';
import { ProbeScheduler, probeStarter } from '../../adapters/probes/index.js';
import { createServiceManager } from '../../adapters/systemd/index.js';
import type { IpvsKernel } from '../../kernel/index.js';
import type { MarkRange } from '../../model/index.js';
import { createController, SYSTEM_CLOCK } from '../../reconcile/index.js';
import type { Controller } from '../../reconcile/index.js';
import type { CliContext, ExitCode, OpenInventory } from '../context.js';
import { ClusterDuties } from '../controller/cluster-duties.js';
import { CONTROL_SOCKET } from '../controller/control-paths.js';
import { EventLog } from '../controller/event-log.js';
import { openHooks } from '../controller/hooks.js';
import type { HookFlags } from '../controller/hooks.js';
import { keepSources } from '../controller/kept-sources.js';
import type { KeptFlags } from '../controller/kept-sources.js';
import { openPrograms } from '../controller/programs.js';
import type { OpenedPrograms, ProgramFlags } from '../controller/programs.js';
import { controlRoutes, publicRoutes } from '../controller/routes.js';
import { ServiceDuties } from '../controller/service-duties.js';
import { noticing, openSources } from '../controller/sources.js';
import type { OpenedSources, SourceFlags } from '../controller/sources.js';
import { reportStatus } from '../controller/status-report.js';
import { Vitality } from '../controller/vitality.js';
import type { Hangups } from '../hangups.js';
import { heldError } from '../held-table.js';
import type { ListenAddress, StateFlags } from '../options.js';
import { nodeNameOf } from '../this-node.js';

export interface RunFlags extends SourceFlags, StateFlags, KeptFlags, ProgramFlags, HookFlags {
  readonly set: string;
  readonly adopt?: true;
  readonly maxRemovals?: number;
  /** Seconds. */
  readonly resync: number;
  readonly checkMarks?: MarkRange;
  /** The folder of the certificates that are shown to servers. */
  readonly secretsDir?: string;
  readonly flushOnExit?: true;
  readonly listen: ListenAddress | 'none';
  readonly logFormat: LogFormat;
}

/** Keeps the kernel equal to what files and a cluster declare, until SIGTERM or SIGINT. */
export async function runController(flags: RunFlags, context: CliContext, hangups: Hangups): Promise<ExitCode> {
  const programs = await openPrograms(flags);
  const opened = await openSources(flags, context.environment);
  const outcome = await context.lockTable('run');
  if (outcome.kind === 'Held') throw heldError(outcome.holder);
  const closing = [() => outcome.lock.release()];
  try {
    const inventory = await context.openInventory(flags.stateDir);
    closing.push(() => inventory.close());
    const kernel = await context.openKernel();
    closing.push(() => kernel.close());
    await runWith({ flags, kernel, inventory, opened, programs, hangups }, context);
    return 0;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Equipment {
  readonly flags: RunFlags;
  readonly kernel: IpvsKernel;
  readonly inventory: OpenInventory;
  readonly opened: OpenedSources;
  readonly programs: OpenedPrograms | undefined;
  readonly hangups: Hangups;
}

async function runWith(equipment: Equipment, context: CliContext): Promise<void> {
  const { flags, kernel, inventory, opened, programs, hangups } = equipment;
  const ending = context.interruption();
  const log = openLog(flags, context);
  const hooks = await openHooks({
    ...{ flags, programs, log },
    node: nodeNameOf(flags, context.environment),
    note: (...events) => {
      metrics.noteHookEvents(...events);
    },
  });
  const kept = await keepSources(opened, flags, context, log);
  const clusterDuties = new ClusterDuties(opened.cluster?.reporter, log, (result) => {
    metrics.noteClusterEvent(result);
  });
  const eventLog = new EventLog(log, flags.logFormat);
  const vitality = new Vitality(flags.resync, SYSTEM_CLOCK.nowMilliseconds());
  const metrics = createControllerMetrics({
    version: context.version,
    snapshot: () => controller.snapshot(),
    nowSeconds: () => Date.now() / 1000,
    ...watchesOf(opened),
  });
  const duties = new ServiceDuties(createServiceManager(context.environment, process.pid), () => controller.snapshot());
  const controller = createController({
    kernel,
    inventory,
    sources: [...kept.sources, ...clusterDuties.sources].map((source) =>
      noticing(source, () => {
        metrics.noteQueued();
      }),
    ),
    surroundings: {
      nodeLabels: opened.nodeLabels,
      roles: clusterDuties.roles,
      checkMarks: flags.checkMarks ?? null,
      runsPrograms: programs !== undefined,
      showsCertificates: flags.secretsDir !== undefined,
    },
    ...(opened.cluster === undefined ? {} : { statusSink: opened.cluster.reporter }),
    options: {
      set: flags.set,
      adopt: flags.adopt === true,
      resyncSeconds: flags.resync,
      flushOnExit: flags.flushOnExit === true,
      ...(flags.maxRemovals === undefined ? {} : { maximumRemovals: flags.maxRemovals }),
    },
    health: {
      prober: new ProbeScheduler({
        start: probeStarter({ secretsFolder: flags.secretsDir, programs: programs?.forChecks }),
        random: Math.random,
        onVerdict: ({ check }, verdict) => {
          metrics.noteVerdict(check.method.type, verdict);
        },
      }),
      memory: await context.openHealthMemory({
        dataFolder: flags.dataDir,
        stateFolder: flags.stateDir,
        onUnusable: (reason) => {
          log.warn(`nothing is known of servers from an earlier run: ${reason}`);
        },
      }),
      checkMarks: flags.checkMarks ?? null,
      nowEpochMilliseconds: () => Date.now(),
    },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    observe: (event) => {
      eventLog.observe(event);
      vitality.observe(event, SYSTEM_CLOCK.nowMilliseconds());
      metrics.observe(event);
      hooks.observe(event);
      duties.observe(event);
      clusterDuties.observe(event);
    },
  });
  hangups.handle(() => {
    log.info('SIGHUP: everything is read again, and what was held back is let go');
    duties.reloading();
    controller.releaseHeldBack();
    controller.refresh();
  });
  const servers = await openServers(equipment, { controller, vitality, metrics, log }, context);
  ending.addEventListener('abort', () => {
    duties.stopping();
  });
  duties.start(vitality);
  try {
    await Promise.all([controller.run(ending), clusterDuties.run(ending)]);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await kept.close();
    await hooks.close();
    await eventLog.written();
    opened.cluster?.client.close();
  }
  log.info(flags.flushOnExit === true ? 'ended; what was ours is removed' : 'ended; the kernel stays as it is');
}

function watchesOf({ cluster }: OpenedSources): Pick<Parameters<typeof createControllerMetrics>[0], 'watches'> {
  if (cluster === undefined) return {};
  return { watches: { followed: () => cluster.source.counts(), nowMilliseconds: () => performance.now() } };
}

function openLog({ logFormat }: RunFlags, { stderr, environment }: CliContext): Log {
  return createLog({
    format: logFormat,
    hasTime: environment['JOURNAL_STREAM'] === undefined,
    write: (line) => {
      // A log that nobody can read any more is no reason to stop forwarding.
      stderr.write(line).catch(() => undefined);
    },
  });
}

interface Served {
  readonly controller: Controller;
  readonly vitality: Vitality;
  readonly metrics: ReturnType<typeof createControllerMetrics>;
  readonly log: Log;
}

async function openServers(
  { flags, kernel, inventory }: Equipment,
  { controller, vitality, metrics, log }: Served,
  { version }: CliContext,
): Promise<readonly RunningServer[]> {
  const startedAt = new Date();
  const report = () => reportStatus(controller.snapshot(), { version, pid: process.pid, now: new Date(), startedAt });
  const socketPath = join(flags.stateDir, CONTROL_SOCKET);
  const control = await serveSocket(socketPath, controlRoutes(report, controller));
  if (flags.listen === 'none') {
    log.info(`ipvs-operator ${version} starts; its status is at ${socketPath}`);
    return [control];
  }
  const { host, port } = flags.listen;
  try {
    const server = await serveAddress(host, port, publicRoutes({ controller, vitality, metrics, kernel, inventory }));
    const place = host.includes(':') ? `[${host}]` : host;
    const address = `http://${place}:${server.port}`;
    log.info(`ipvs-operator ${version} starts; its status is at ${socketPath}, its metrics are at ${address}/metrics`, {
      address,
    });
    return [control, server];
  } catch (error) {
    await control.close();
    throw error;
  }
}
