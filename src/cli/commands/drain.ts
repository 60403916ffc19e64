import { join } from 'node:path';
import type { ManualDrain } from '../../health/index.js';
import type { CliContext, ExitCode } from '../context.js';
import { askController } from '../controller/control.js';
import { CONTROL_SOCKET, DRAIN_PATH, UNDRAIN_PATH } from '../controller/control-paths.js';
import { drainQuery } from '../controller/drain-routes.js';
import type { DrainAnswer, UndrainAnswer } from '../controller/drain-routes.js';
import { parseDrained, watchServer } from '../drained-server.js';
import type { SeenServer } from '../drained-server.js';
import type { StateFlags } from '../options.js';
import { drainText } from '../output/health-text.js';
import { counted } from '../output/numbers.js';

/** A connection that is being made while the weight becomes 0 shows up in the next look. */
const QUIET_LOOKS = 2;

export interface DrainFlags extends StateFlags {
  readonly service?: string;
  readonly wait?: true;
  /** Seconds. */
  readonly timeout: number;
}

/** Takes a server out of service: it keeps its connections, and gets no new ones. */
export async function runDrain(server: string, flags: DrainFlags, context: CliContext): Promise<ExitCode> {
  const drain = parseDrained(server, flags.service);
  const { services } = (await ask(flags, DRAIN_PATH, drain)) as DrainAnswer;
  const where = services.length === 0 ? 'no service has it now' : `of ${counted(services.length, 'service')}`;
  await context.stdout.write(`${drainText(drain)}: taken out, ${where}\n`);
  if (flags.wait !== true) return 0;
  const exitCode = await waitFor({ isSo: hasEnded, looks: QUIET_LOOKS }, drain, services, flags, context);
  if (exitCode === 0) await context.stdout.write(`${drainText(drain)}: no connections are left\n`);
  return exitCode;
}

/** Lets servers in again. */
export async function runUndrain(server: string, flags: DrainFlags, context: CliContext): Promise<ExitCode> {
  const pattern = parseDrained(server, flags.service);
  const { count, services } = (await ask(flags, UNDRAIN_PATH, pattern)) as UndrainAnswer;
  if (count === 0) {
    await context.stderr.write(`error: ${drainText(pattern)}: was not taken out so; \`status\` lists what is\n`);
    return 1;
  }
  await context.stdout.write(`${drainText(pattern)}: may take connections again\n`);
  return flags.wait === true ? waitFor({ isSo: takesConnections, looks: 1 }, pattern, services, flags, context) : 0;
}

function ask({ stateDir }: DrainFlags, path: string, drain: ManualDrain): Promise<unknown> {
  return askController(join(stateDir, CONTROL_SOCKET), `${path}?${drainQuery(drain)}`, 'POST');
}

/** The server of the pattern in one service, at each of its ports. */
type Seen = readonly SeenServer[];

/** Where a service does not have it, it has no connections either. */
function hasEnded(seen: Seen): boolean {
  return seen.every(({ weight, connections }) => weight === 0 && connections === 0);
}

function takesConnections(seen: Seen): boolean {
  return seen.length > 0 && seen.every(({ weight }) => weight > 0);
}

interface Goal {
  /** Of each service. */
  readonly isSo: (seen: Seen) => boolean;
  /** How many looks in a row have to find it so. */
  readonly looks: number;
}

async function waitFor(
  { isSo, looks }: Goal,
  drain: ManualDrain,
  services: readonly string[],
  { timeout }: DrainFlags,
  context: CliContext,
): Promise<ExitCode> {
  if (services.length === 0) return 0;
  const signal = context.interruption();
  const deadline = context.nowMilliseconds() + timeout * 1000;
  const kernel = await context.openKernel();
  try {
    let found = 0;
    for await (const seen of watchServer(kernel, drain, services, signal)) {
      found = seen.every(isSo) ? found + 1 : 0;
      if (found >= looks) return 0;
      // What was found at the end may be looked at once more.
      if (found > 0 || context.nowMilliseconds() < deadline) continue;
      await context.stderr.write(
        `error: ${drainText(drain)}: not so after ${counted(timeout, 'second')}; ${summary(seen)}\n`,
      );
      return 1;
    }
  } finally {
    await kernel.close();
  }
  // Somebody interrupted it.
  return 1;
}

function summary(seen: readonly Seen[]): string {
  const servers = seen.flat();
  if (servers.length === 0) return 'the kernel does not have it';
  return `it has ${counted(
    servers.reduce((sum, { connections }) => sum + connections, 0),
    'connection',
  )}`;
}
