/**
 * `node report.js FOLDER [DOCUMENT]`: prints the benchmark's table from the files `figures` and `machine` of the folder,
 * writes it there as benchmarks.json, and with a document puts it between that one's markers. Exits 1 where a target is
 * missed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Row {
  readonly what: string;
  /** The name of the figure, and of the peer's that it is compared with. */
  readonly figure: string;
  readonly peer: readonly [label: string, figure: string] | null;
  /** The ratio to the peer, or the figure itself where there is no peer, that is allowed at most. */
  readonly target: number | null;
}

const ROWS: readonly Row[] = [
  {
    what: '`apply` from empty',
    figure: 'apply.seconds',
    peer: ['keepalived, start', 'keepalived.start.seconds'],
    target: 0.5,
  },
  {
    what: 'its kernel part',
    figure: 'kernel-apply.seconds',
    peer: ['floor, write', 'floor.write.seconds'],
    target: 1.5,
  },
  { what: '`plan`, nothing to do', figure: 'plan.seconds', peer: ['`ipvsadm -Ln`', 'ipvsadm.list.seconds'], target: 1 },
  { what: '`get`', figure: 'get.seconds', peer: ['`ipvsadm -Ln`', 'ipvsadm.list.seconds'], target: 0.6 },
  { what: '`get`, empty table', figure: 'get-empty.seconds', peer: ['`node -e 0`', 'node.seconds'], target: 2.5 },
  { what: 'longest pause in 110,000 operations', figure: 'kernel-apply.pause-milliseconds', peer: null, target: 50 },
  { what: 'memory of `apply`', figure: 'apply.megabytes', peer: null, target: 250 },
  { what: 'memory of `plan`', figure: 'plan.megabytes', peer: null, target: 250 },
  { what: 'memory of `get`', figure: 'get.megabytes', peer: null, target: 250 },
  {
    what: 'reading all by the library',
    figure: 'kernel-read.seconds',
    peer: ['floor, read', 'floor.read.seconds'],
    target: null,
  },
  { what: 'longest pause while idle', figure: 'idle.pause-milliseconds', peer: null, target: null },
  { what: 'longest pause in reading all', figure: 'kernel-read.pause-milliseconds', peer: null, target: null },
  {
    what: '`apply`, one changed weight',
    figure: 'apply.edited.seconds',
    peer: ['keepalived, reload', 'keepalived.reload.seconds'],
    target: null,
  },
  {
    what: '`apply` of 1,000 services',
    figure: 'apply-1000.seconds',
    peer: ['`ipvsadm -R`', 'ipvsadm.restore.seconds'],
    target: null,
  },
  { what: '`run`, one weight in a file', figure: 'file-edit.seconds', peer: null, target: 0.15 },
  { what: '`run`, one weight in an object', figure: 'object-edit.seconds', peer: null, target: 0.15 },
  {
    what: '`run`, full round, nothing to do',
    figure: 'resync.seconds',
    peer: ['floor, read', 'floor.read.seconds'],
    target: 1.5,
  },
  { what: 'longest pause in that', figure: 'resync.pause-milliseconds', peer: null, target: 50 },
  { what: '`run`, processor while idle', figure: 'idle-controller.percent', peer: null, target: 2 },
  { what: 'memory of `run`, files', figure: 'controller.megabytes', peer: null, target: 300 },
  { what: 'memory of `run`, cluster', figure: 'cluster-controller.megabytes', peer: null, target: 300 },
  { what: 'changes of a restart on a full table', figure: 'restart.operations', peer: null, target: 0 },
  {
    what: '`run`, 10,000 objects of a cluster',
    figure: 'cluster-fill.seconds',
    peer: ['listing them', 'cluster-list.seconds'],
    target: 2,
  },
  { what: 'longest pause in that', figure: 'cluster-fill.pause-milliseconds', peer: null, target: null },
  { what: 'longest pause in the first fill from files', figure: 'fill.pause-milliseconds', peer: null, target: null },
  {
    what: 'thesis: the library',
    figure: 'thesis.library.seconds',
    peer: ['`ipvsadm` processes', 'thesis.ipvsadm.seconds'],
    target: null,
  },
  {
    what: 'thesis: the library',
    figure: 'thesis.library.seconds',
    peer: ['floor', 'thesis.floor.seconds'],
    target: null,
  },
  { what: 'one changed weight by the floor', figure: 'floor.edit.seconds', peer: null, target: null },
];

interface Result extends Row {
  readonly value: number;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  /** `null` where there is no target. */
  readonly passed: boolean | null;
}

/** Of runs that were repeated the fastest counts, and the largest memory and pause. */
function readFigures(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, value] = line.split(' ');
    if (name === undefined || value === undefined) continue;
    const known = figures.get(name) ?? Number(value);
    figures.set(name, (name.endsWith('.seconds') ? Math.min : Math.max)(known, Number(value)));
  }
  return figures;
}

function evaluate(row: Row, figures: ReadonlyMap<string, number>): Result {
  const valueOf = (name: string): number => {
    const value = figures.get(name);
    if (value === undefined) throw new Error(`report: there is no figure ${name}`);
    return value;
  };
  const value = valueOf(row.figure);
  const peerValue = row.peer === null ? null : valueOf(row.peer[1]);
  const ratio = peerValue === null ? null : value / peerValue;
  return { ...row, value, peerValue, ratio, passed: row.target === null ? null : (ratio ?? value) <= row.target };
}

function withUnit(name: string, value: number): string {
  if (name.endsWith('.megabytes')) return `${value} MB`;
  if (name.endsWith('.percent')) return `${value.toFixed(1)} %`;
  if (name.endsWith('.operations')) return String(value);
  if (name.endsWith('.pause-milliseconds')) return `${value.toFixed(0)} ms`;
  return value < 0.1 ? `${(value * 1000).toFixed(2)} ms` : `${value.toFixed(2)} s`;
}

function tableLine(result: Result): string {
  const { what, figure, value, peer, peerValue, ratio, target, passed } = result;
  const cells = [
    what,
    withUnit(figure, value),
    peer === null || peerValue === null ? '' : `${peer[0]}: ${withUnit(peer[1], peerValue)}`,
    ratio === null ? '' : ratio.toFixed(ratio < 0.1 ? 3 : 2),
    target === null ? '' : `≤ ${peer === null ? withUnit(figure, target) : target}`,
    passed === null ? '' : passed ? 'pass' : '**FAIL**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function tableText(results: readonly Result[]): string {
  const head = '| what | ours | peer | ratio | target | |\n|---|---|---|---|---|---|\n';
  return head + results.map(tableLine).join('\n') + '\n';
}

function replaceTable(document: string, table: string): string {
  const [start, end] = ['<!-- table -->', '<!-- end of table -->'];
  const [before, rest] = document.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`report: the document lacks ${start} or ${end}`);
  return `${before}${start}\n\n${table}\n${end}${after}`;
}

const [folder = '.', documentFile] = process.argv.slice(2);
const figures = readFigures(readFileSync(join(folder, 'figures'), 'utf8'));
const machine = readFileSync(join(folder, 'machine'), 'utf8').trim();
const results = ROWS.map((row) => evaluate(row, figures));
const text = `${machine}\n\n${tableText(results)}`;
writeFileSync(join(folder, 'benchmarks.json'), JSON.stringify({ machine, results }, null, 2) + '\n');
if (documentFile !== undefined) writeFileSync(documentFile, replaceTable(readFileSync(documentFile, 'utf8'), text));
console.log(text);
const missed = results.filter((result) => result.passed === false);
console.log(
  missed.length === 0 ? 'All targets are met.' : `Targets missed: ${missed.map((row) => row.what).join(', ')}.`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
