import type { RoundReport, SourceReport, StatusReport } from '../controller/status-report.js';
import { shortObjectName } from '../names.js';
import { drainText, serviceHealthLines } from './health-text.js';
import { counted, durationText } from './numbers.js';

const MAXIMUM_LINES = 20;

/** The status for people, as lines. What is in order is told in few of them. */
export function* statusLines(report: StatusReport): Generator<string> {
  const ago = (time: string): string => durationText(Math.max(0, Date.parse(report.now) - Date.parse(time)));
  const { services, currentRound } = report;
  yield `ipvs-operator ${report.version}, pid ${report.pid}, has been running for ${ago(report.startedAt)}`;
  yield '';
  yield `Kernel      ${kernelText(report)}`;
  yield `Services    ${services.wanted} wanted: ${services.inLine} in line, ${services.outOfLine} out of line, ${services.pending} to be looked at`;
  yield `In kernel   ${counted(services.inKernel, 'service')} with ${counted(services.serversInKernel, 'real server')}, ${services.owned} ours`;
  yield `Last round  ${roundText(report.lastRound, ago)}`;
  if (report.lastRound?.kind !== 'Full') yield `Last full   ${roundText(report.lastFullRound, ago)}`;
  if (currentRound !== null) yield `Running     a round (${currentRound.kind}) for ${ago(currentRound.startedAt)}`;
  if (report.health.checks > 0)
    yield `Checks      ${counted(report.health.checks, 'check')}, ${report.health.failingChecks} failing`;
  const drift = Object.entries(report.drift);
  if (drift.length > 0) yield `Repaired    ${drift.map(([operation, count]) => `${operation} ${count}`).join(', ')}`;
  yield* sourceLines(report.sources, ago);
  yield* failingLines(report);
  yield* removalLines(report);
  yield* section('Taken out until `undrain`:', report.health.drains.map(drainText));
  yield* section('Servers that are not as declared:', serviceHealthLines(report.health, ago));
  yield* section(
    'Problems:',
    report.problems.filter(({ kind }) => kind !== 'RemovalsHeldBack').map(({ message }) => message),
  );
  yield* section(
    'Broken (the last good state stays):',
    report.issues.map(({ text }) => text),
  );
  yield* section('Without effect:', report.notices);
}

type Ago = (time: string) => string;

function kernelText({ kernel, now }: StatusReport): string {
  if (kernel.state === 'Reachable') return 'reachable';
  if (kernel.state === 'Unknown') return 'not looked at yet';
  const wait = durationText(Math.max(0, Date.parse(kernel.nextTryAt ?? now) - Date.parse(now)));
  const hint = kernel.hint === undefined ? '' : `\n            ${kernel.hint}`;
  return `out of reach: ${kernel.message ?? ''} (tried ${kernel.attempts ?? 0} times, next try in ${wait})${hint}`;
}

function roundText(round: RoundReport | null, ago: Ago): string {
  if (round === null) return 'none yet';
  const failures = round.failures === 0 ? '' : `, ${round.failures} failed`;
  const what = round.kind === 'Full' ? 'everything' : counted(round.services, 'service');
  return `${ago(round.endedAt)} ago: ${what}, ${counted(round.operations, 'operation')}${failures}, in ${durationText(round.durationMilliseconds)}`;
}

function* sourceLines(sources: readonly SourceReport[], ago: Ago): Generator<string> {
  const width = Math.max('SOURCE'.length, ...sources.map(({ name }) => name.length));
  yield '';
  yield `${'SOURCE'.padEnd(width)}  STATE     SINCE        UNITS   BROKEN`;
  for (const { name, state, reason, since, cache, units, brokenUnits } of sources) {
    yield `${name.padEnd(width)}  ${state.padEnd(8)}  ${ago(since).padEnd(11)}  ${String(units).padEnd(6)}  ${brokenUnits.length}`;
    if (reason !== undefined) yield `  ${reason}`;
    if (cache !== undefined) {
      const boot = cache.isOfEarlierBoot ? ', before the host was started anew' : '';
      yield `  ${counted(cache.units, 'unit')} as kept ${ago(cache.savedAt)} ago${boot}; nothing is removed meanwhile`;
    }
  }
}

function* failingLines({ failing, now }: StatusReport): Generator<string> {
  const texts = failing.map(({ key, object, message, hint, attempts, nextTryAt }) => {
    const owner = object === null ? '' : ` of ${shortObjectName(object)}`;
    const wait = durationText(Math.max(0, Date.parse(nextTryAt) - Date.parse(now)));
    const help = hint === undefined ? '' : `\n    ${hint}`;
    return `${key}${owner}: ${message} (tried ${attempts} times, next try in ${wait})${help}`;
  });
  yield* section('Failing:', texts);
}

function* removalLines({ removals }: StatusReport): Generator<string> {
  const { heldBack, deferred, obstacles } = removals;
  if (heldBack.length > 0) {
    yield* section(
      `Held back: ${counted(heldBack.length, 'service')} would go, which is more than may go at once:`,
      heldBack,
    );
    yield '  `systemctl reload ipvs-operator`, or SIGHUP to the process, lets them go.';
  }
  if (deferred.length > 0) {
    yield* section(`Waiting: ${counted(deferred.length, 'service')} would go, and nothing may go now:`, deferred);
    for (const obstacle of obstacles) yield `  ${obstacle}`;
  }
}

function* section(title: string, texts: readonly string[]): Generator<string> {
  if (texts.length === 0) return;
  yield '';
  yield title;
  for (const text of texts.slice(0, MAXIMUM_LINES)) yield `  ${text}`;
  if (texts.length > MAXIMUM_LINES) yield `  and ${texts.length - MAXIMUM_LINES} more (-o json has all)`;
}
