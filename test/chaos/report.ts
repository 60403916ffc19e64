import { release } from 'node:os';
import type { ChaosOutcome } from './run-chaos.js';
import type { StepKind } from './steps.js';

/** A run in Markdown, for docs/chaos.md. */
export function reportChaos(outcome: ChaosOutcome, now: Date): string {
  const { seed, roundsDone, convergenceMilliseconds, failures } = outcome;
  const sorted = [...convergenceMilliseconds].sort((a, b) => a - b);
  const at = (share: number): string => seconds(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN);
  const rows: readonly (readonly [string, string])[] = [
    ['day', now.toISOString().slice(0, 10)],
    ['seed', String(seed)],
    ['rounds', String(roundsDone)],
    ['kernel', `Linux ${release()}`],
    ['Node', process.version],
    ['time for all', `${Math.round(outcome.elapsedMilliseconds / 60_000)} min`],
    ['from all brought back to a right table', `median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}`],
    ['reads of the table', `${outcome.tableReads}, at most ${seconds(outcome.longestBetweenReadsMilliseconds)} apart`],
    ['failures', String(failures.length)],
  ];
  const counts = countKinds(outcome).map(([kind, count]) => `| ${kind} | ${count} |`);
  return [
    '| what | |',
    '| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    '',
    '| step | times |',
    '| --- | --- |',
    ...counts,
    '',
    ...failures.map((failure) => `- ${failure.slice(0, 500)}`),
    '',
  ].join('\n');
}

function countKinds({ steps }: ChaosOutcome): readonly (readonly [StepKind, number])[] {
  const counts = new Map<StepKind, number>();
  for (const { kind } of steps) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1)} s`;
}
