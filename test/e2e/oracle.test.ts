import { isDeepStrictEqual } from 'node:util';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApplier } from './in-process.js';
import type { Applier } from './in-process.js';
import { linesOf, readLines, readSteadyLines } from './ipvsadm-oracle.js';
import type { Lines } from './ipvsadm-oracle.js';
import { runWell, start } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { changeState } from './random-state.js';
import type { DeclaredService } from './random-state.js';
import { chooseSeed, createRandom } from './random.js';
import { virtualService, yamlStream } from './yaml.js';
import { NOTHING_TO_DO } from '../plan/states.js';

const STEPS = 100;
const STEPS_BY_THE_PROGRAM = new Set([0, 50, STEPS - 1]);
const ROUNDS_BESIDE_ANOTHER_WRITER = 6;
const TIMEOUT_MS = 900_000;

/** Services of somebody else, which no random state claims. */
const FOREIGN = [
  '-A -t 192.0.2.1:80 -s mh -p 77 -M 255.255.0.0 -b mh-port',
  '-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 3 -x 100 -y 50',
  '-a -t 192.0.2.1:80 -r 198.51.100.2:80 -i -w 0 --tun-type gue --tun-port 99 --tun-csum',
  '-A -t [2001:db8::99]:443 -s sh -b sh-fallback',
  '-a -t [2001:db8::99]:443 -r [2001:db8:1::1]:443 -g -w 7',
  '-A -u 192.0.2.1:53 -s rr -o',
  '-A -f 4711 -s lc -p 60',
  '-a -f 4711 -r 198.51.100.1:0 -m -w 1',
  '-A -f 4711 -6 -s nq',
];

let workplace: Workplace;
let applier: Applier;
let foreign: Lines;

beforeAll(async () => {
  workplace = await openWorkplace();
  applier = await openApplier(workplace.stateDirectory);
  await runWell(['ipvsadm', '-R'], { stdin: FOREIGN.join('\n') });
  foreign = await readSteadyLines();
});

afterAll(async () => {
  await applier.close();
  await workplace.remove();
});

function yamlOf(services: readonly DeclaredService[]): string {
  return yamlStream(services.map(({ name, spec }) => virtualService('random', name, spec)));
}

/** What should be in the kernel. A suspended service keeps there what it had when it was suspended. */
class Expectation {
  #kept = new Map<string, Lines>();

  after(services: readonly DeclaredService[]): Lines {
    this.#kept = new Map(
      services.map((service) => [
        service.name,
        service.spec.suspend === true ? (this.#kept.get(service.name) ?? []) : linesOf(service),
      ]),
    );
    return [...foreign, ...[...this.#kept.values()].flat()].sort();
  }
}

async function applyByTheProgram(yaml: string): Promise<void> {
  await workplace.apply(yaml, '--prune', '--allow-empty', '--max-removals', '10000');
  const again = ['plan', '--detailed-exitcode', '--prune', '--allow-empty', '-f', 'declared.yaml'];
  expect((await workplace.operator(again)).status, 'a plan after apply').toBe(0);
  const { stdout } = await workplace.operator(['get', '-o', 'ipvsadm']);
  const printed = stdout.split('\n').filter((line) => line !== '');
  expect(printed.sort()).toEqual((await readSteadyLines()).filter((line) => line.startsWith('-')));
}

async function applyInProcess(yaml: string): Promise<void> {
  const { failures, skipped, problems } = await applier.apply(yaml);
  expect({ failures, skipped, problems }).toEqual({ failures: [], skipped: [], problems: [] });
}

/** What ipvsadm shows wrong for a moment it is asked for again. */
async function expectLines(expected: Lines, message?: string): Promise<void> {
  let lines = await readLines();
  for (let again = 0; again < 3 && !isDeepStrictEqual(lines, expected); again++) lines = await readLines();
  expect(lines, message).toEqual(expected);
}

async function expectNothingToDo(yaml: string): Promise<void> {
  const { plan } = await applier.plan(yaml);
  expect(plan).toEqual(NOTHING_TO_DO);
}

describe('the table of the kernel, as ipvsadm shows it', () => {
  it(
    `is what was declared after each of ${STEPS} random changes, and foreign services stay`,
    async () => {
      const random = createRandom(chooseSeed());
      const expectation = new Expectation();
      let services: readonly DeclaredService[] = [];
      for (let step = 0; step < STEPS; step++) {
        services = changeState(services, random);
        const yaml = yamlOf(services);
        await (STEPS_BY_THE_PROGRAM.has(step) ? applyByTheProgram(yaml) : applyInProcess(yaml));
        await expectLines(expectation.after(services), `step ${step}:\n${yaml}`);
        await expectNothingToDo(yaml);
      }
      await applyInProcess(yamlOf([]));
      await expectLines(foreign);
    },
    TIMEOUT_MS,
  );
});

describe('another writer during apply', () => {
  const stopFile = (): string => join(workplace.folder, 'stop');

  /** Makes, edits and deletes services of its own, and edits and deletes those of ours that ipvsadm lists, as long as it may. */
  const writer = `
    while [ ! -e "$1" ]; do
      ipvsadm -A -t 192.0.2.7:80 -s rr
      ipvsadm -a -t 192.0.2.7:80 -r 198.51.100.7:80 -m
      for key in $(ipvsadm -Sn | sed -n 's/^-A \\(-[tu]\\) \\(10[.]\\|.fd00\\)\\([^ ]*\\) .*/\\1=\\2\\3/p' | shuf -n 3); do
        set -- "$1" "\${key%%=*}" "\${key#*=}"
        case $((RANDOM % 4)) in
          0) ipvsadm -D "$2" "$3" ;;
          1) ipvsadm -E "$2" "$3" -s lc ;;
          2) ipvsadm -a "$2" "$3" -r 10.2.9.9:99 -m ;;
          3) ipvsadm -a "$2" "$3" -r '[fd02::9]:99' -m ;;
        esac
      done
      ipvsadm -E -t 192.0.2.7:80 -s wrr
      ipvsadm -D -t 192.0.2.7:80
    done
    ipvsadm -A -t 192.0.2.8:80 -s sed`;

  it(
    'loses once it stops: the next apply converges, and what is foreign is as it left it',
    async () => {
      const random = createRandom(chooseSeed());
      const expectation = new Expectation();
      let services: readonly DeclaredService[] = [];
      for (let round = 0; round < ROUNDS_BESIDE_ANOTHER_WRITER; round++) {
        const other = start(['bash', '-c', writer, 'writer', stopFile()]);
        for (let step = 0; step < 3; step++) {
          services = changeState(changeState(services, random), random).map(withoutSuspension);
          await applier.apply(yamlOf(services));
        }
        await writeFile(stopFile(), '');
        await other.outcome;
        await rm(stopFile());
        const yaml = yamlOf(services);
        await applyInProcess(yaml);
        const expected = [...expectation.after(services), '-A -t 192.0.2.8:80 -s sed'].sort();
        await expectLines(expected, `round ${round}:\n${yaml}`);
        await expectNothingToDo(yaml);
        await runWell(['ipvsadm', '-D', '-t', '192.0.2.8:80']);
      }
    },
    TIMEOUT_MS,
  );

  /** What the other writer does to a suspended service would stay. */
  function withoutSuspension({ name, spec }: DeclaredService): DeclaredService {
    return { name, spec: { ...spec, suspend: false } };
  }
});
