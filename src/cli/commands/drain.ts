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
  const exitCode = await waitFor(hasEnded, drain, services, flags, context);
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
  return flags.wait === true ? waitFor(takesConnections, pattern, services, flags, context) : 0;
}

function ask({ stateDir }: DrainFlags, path: string, drain: ManualDrain): Promise<unknown> {
  return askController(join(stateDir, CONTROL_SOCKET), `${path}?${drainQuery(drain)}`, 'POST');
}

function hasEnded({ weight, connections }: SeenServer): boolean {
  return weight === 0 && connections === 0;
}

function takesConnections({ weight }: SeenServer): boolean {
  return weight > 0;
}

async function waitFor(
  isRight: (seen: SeenServer) => boolean,
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
    for await (const seen of watchServer(kernel, drain, services, signal)) {
      if (seen.every(isRight)) return 0;
      if (context.nowMilliseconds() < deadline) continue;
      const connections = seen.reduce((sum, server) => sum + server.connections, 0);
      const message = `not so after ${counted(timeout, 'second')}; it has ${counted(connections, 'connection')}`;
      await context.stderr.write(`error: ${drainText(drain)}: ${message}\n`);
      return 1;
    }
  } finally {
    await kernel.close();
  }
  // Somebody interrupted it.
  return 1;
}
