import type { AddressFamily } from '../../model/index.js';
import type { ServiceTally } from '../../reconcile/index.js';
import { escapeLabel, Lines } from './lines.js';

/** Services between two pauses: some milliseconds of work on a slow machine. */
const SERVICES_PER_STEP = 500;

type ServerState = keyof ServiceTally['servers'];
const SERVER_STATES: readonly ServerState[] = ['healthy', 'idle', 'failing', 'leaving', 'sorry'];

type Counts = Record<ServerState, number>;

interface ObjectTally {
  readonly families: Map<AddressFamily, Counts>;
  hasQuorum: boolean;
  isSorry: boolean;
}

/**
 * How the real servers of every virtual service are, counted as its status counts them: those of one address family are
 * the same behind every port, and the port that is worst off counts.
 */
export async function* writeObjectMetrics(
  tallies: Iterable<ServiceTally>,
  pause: () => Promise<void>,
): AsyncGenerator<string> {
  const objects = new Map<string, ObjectTally>();
  let count = 0;
  for (const tally of tallies) {
    addTally(tally, objects);
    if (++count % SERVICES_PER_STEP === 0) await pause();
  }
  for (const { name, help, samplesOf } of METRICS) {
    const metric = `ipvs_operator_virtual_service_${name}`;
    const lines = new Lines(`# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n`);
    for (const [object, tally] of objects) {
      const label = `virtual_service="${escapeLabel(object.slice(object.indexOf(' ') + 1))}"`;
      for (const [more, value] of samplesOf(tally)) lines.add(`${metric}{${label}${more}} ${value}\n`);
      if (!lines.isFull) continue;
      yield lines.take();
      await pause();
    }
    yield lines.take();
  }
}

interface Metric {
  readonly name: string;
  readonly help: string;
  /** With the labels besides the virtual service. */
  readonly samplesOf: (tally: ObjectTally) => readonly (readonly [labels: string, value: number])[];
}

const METRICS: readonly Metric[] = [
  {
    name: 'servers',
    help: 'Real servers by what they do now.',
    samplesOf: ({ families }) => SERVER_STATES.map((state) => [`,state="${state}"`, sumOf(families, state)]),
  },
  {
    name: 'quorum',
    help: 'Whether the quorum of all of its addresses and ports holds.',
    samplesOf: ({ hasQuorum }) => [['', hasQuorum ? 1 : 0]],
  },
  {
    name: 'sorry_servers_in_use',
    help: 'Whether sorry servers stand in at some of its addresses and ports.',
    samplesOf: ({ isSorry }) => [['', isSorry ? 1 : 0]],
  },
];

function addTally(tally: ServiceTally, objects: Map<string, ObjectTally>): void {
  const { object, family, servers, hasQuorum, isSorry } = tally;
  const known = objects.get(object);
  if (known === undefined) {
    objects.set(object, { families: new Map([[family, { ...servers }]]), hasQuorum, isSorry });
    return;
  }
  known.hasQuorum &&= hasQuorum;
  known.isSorry ||= isSorry;
  const counts = known.families.get(family);
  if (counts === undefined) known.families.set(family, { ...servers });
  else takeWorse(counts, tally);
}

function takeWorse(counts: Counts, { servers, isLeaving }: ServiceTally): void {
  const { healthy, idle, failing, leaving, sorry } = servers;
  if (!isLeaving && healthy < counts.healthy) Object.assign(counts, { healthy, idle, failing });
  counts.leaving = Math.max(counts.leaving, leaving);
  counts.sorry = Math.max(counts.sorry, sorry);
}

function sumOf(families: ObjectTally['families'], state: ServerState): number {
  let sum = 0;
  for (const counts of families.values()) sum += counts[state];
  return sum;
}
