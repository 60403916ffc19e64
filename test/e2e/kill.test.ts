import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { openInventory } from '../../src/adapters/ownership/index.js';
import type { NamespaceStamp } from '../../src/adapters/ownership/index.js';
import { run, runWell } from './process.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { chooseSeed, createRandom } from './random.js';
import { virtualService, yamlStream } from './yaml.js';

// kill -9 of apply in the midst of its writing, as soon as some service that it adds is there. Every story has a network namespace of its own, because real
// servers that were deleted stay in the kernel for two minutes and would slow the next story down.

const PORTS_PER_OBJECT = 10;
const TIMEOUT_MS = 900_000;
const FOREIGN = [
  '-A -t 192.0.2.1:80 -s rr',
  '-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 7',
  '-A -f 4711 -s wlc -p 60',
];
const random = createRandom(chooseSeed());

/** Weights of the objects' real servers, by the objects' number; 0 for an object that is not declared. */
type Declared = readonly number[];

interface Story {
  readonly title: string;
  /** What stands in the kernel and in the inventory before. */
  readonly before: Declared;
  readonly declared: Declared;
}

const none: Declared = [];
const thousand: Declared = Array.from({ length: 1000 }, () => 1);
const KILLS = 2;
/** So many services more or fewer are no sign: /proc/net/ip_vs leaves some out. */
const MISSED = 100;

const stories: readonly Story[] = [
  { title: 'that writes 10,000 services', before: none, declared: thousand },
  {
    title: 'that removes 5,000 of 10,000 services, edits the others and adds 5,000',
    before: thousand,
    declared: [...thousand.map((_, i) => (i % 2) * 2), ...thousand.slice(0, 500)],
  },
];

/** One service with one server for each port, in ipvsadm's words. */
function linesOf(declared: Declared): readonly string[] {
  return declared.flatMap((weight, i) => {
    if (weight === 0) return [];
    return Array.from({ length: PORTS_PER_OBJECT }, (_, n) => {
      const key = `-t ${virtualAddress(i)}:${8000 + n}`;
      return [`-A ${key} -s wlc`, `-a ${key} -r 172.16.${i >> 8}.${i & 255}:${8000 + n} -m -w ${weight}`];
    }).flat();
  });
}

function countServices(declared: Declared): number {
  return PORTS_PER_OBJECT * declared.filter((weight) => weight > 0).length;
}

function virtualAddress(object: number): string {
  return `10.0.${object >> 8}.${object & 255}`;
}

function yamlOf(declared: Declared): string {
  const documents = declared.flatMap((weight, i) => {
    if (weight === 0) return [];
    const ports = Array.from({ length: PORTS_PER_OBJECT }, (_, n) => ({ name: `p${n}`, port: 8000 + n }));
    const realServers = [{ address: `172.16.${i >> 8}.${i & 255}`, weight }];
    return [virtualService('kill', `object-${i}`, { addresses: [virtualAddress(i)], ports, realServers })];
  });
  return yamlStream(documents);
}

const FLAGS = ['-f', 'declared.yaml', '--prune', '--max-removals', '100000'];

class Stage {
  readonly #namespace: string;
  readonly #workplace: Workplace;

  constructor(namespace: string, workplace: Workplace) {
    this.#namespace = namespace;
    this.#workplace = workplace;
  }

  static async open(namespace: string): Promise<Stage> {
    await runWell(['ip', 'netns', 'add', namespace]);
    await runWell(['ip', '-netns', namespace, 'link', 'set', 'lo', 'up']);
    await runWell(['ipvsadm', '-R'], { namespace, stdin: FOREIGN.join('\n') });
    return new Stage(namespace, await openWorkplace());
  }

  async close(): Promise<void> {
    await runWell(['ip', 'netns', 'del', this.#namespace]);
    await this.#workplace.remove();
  }

  async declare(declared: Declared): Promise<void> {
    await this.#workplace.write('declared.yaml', yamlOf(declared));
  }

  async apply(): Promise<void> {
    const { status, stderr } = await this.#operator('apply', ...FLAGS, '-o', 'json').outcome;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }

  /** Kills an apply when this object's first service is there, or at its end. */
  async killApply(object: number): Promise<void> {
    const running = this.#operator('apply', ...FLAGS);
    const end = new AbortController();
    const ended = running.outcome.then(() => {
      end.abort();
    });
    const place = `${virtualAddress(object)}:8000`;
    while (!end.signal.aborted && !(await this.#hasService(place)));
    running.kill();
    await ended;
  }

  async #hasService(place: string): Promise<boolean> {
    const { stdout } = await run(['ipvsadm', '-Ln', '-t', place], { namespace: this.#namespace });
    return stdout.includes(place);
  }

  async expectNothingToDo(): Promise<void> {
    expect((await this.#operator('plan', '--detailed-exitcode', ...FLAGS).outcome).status).toBe(0);
  }

  /**
   * ipvsadm repeats services, or leaves some out, when services of other namespaces come and go while it lists: then it
   * is asked again.
   */
  async expectLines(expected: readonly string[]): Promise<void> {
    let lines = await this.#readLines();
    for (let again = 0; again < 5 && !isDeepStrictEqual(lines, expected); again++) lines = await this.#readLines();
    expect(lines).toEqual(expected);
  }

  async #readLines(): Promise<readonly string[]> {
    const saved = await runWell(['ipvsadm', '-Sn'], { namespace: this.#namespace });
    return saved.trimEnd().split('\n').sort();
  }

  /**
   * The keys of the services in the kernel but those of FOREIGN, from /proc/net/ip_vs: that takes a tenth of ipvsadm's
   * time, and leaves out a few where other namespaces have services too.
   */
  async readKeys(): Promise<readonly string[]> {
    const listed = await runWell(['cat', '/proc/net/ip_vs'], { namespace: this.#namespace });
    return Array.from(listed.matchAll(/^TCP {2}0A(..)(..)(..):(....) /gm), ([, b, c, d, port]) => {
      const [b10, c10, d10, port10] = [b, c, d, port].map((digits = '') => Number.parseInt(digits, 16));
      return `TCP 10.${b10}.${c10}.${d10}:${port10}`;
    });
  }

  async expectForeignUntouched(): Promise<void> {
    const options = { namespace: this.#namespace };
    expect(await runWell(['ipvsadm', '-Ln', '-t', '192.0.2.1:80'], options)).toMatch(
      /TCP {2}192\.0\.2\.1:80 rr\n {2}-> 198\.51\.100\.1:80 +Masq +7 /,
    );
    expect(await runWell(['ipvsadm', '-Ln', '-f', '4711'], options)).toContain('FWM  4711 wlc persistent 60\n');
  }

  /** The keys in the inventory. Its file is read with the stamp that it has: this process is in another namespace. */
  async readInventory(): Promise<ReadonlySet<string>> {
    const [file = ''] = await this.#inventoryFiles();
    const [header = ''] = (await readFile(file, 'utf8')).split('\n', 1);
    const stamp = JSON.parse(header) as NamespaceStamp;
    const inventory = await openInventory({ directory: this.#workplace.stateDirectory, stamp });
    await inventory.close();
    return new Set(inventory.entries().keys());
  }

  #operator(...args: readonly string[]): Running {
    return this.#workplace.startOperator(args, { namespace: this.#namespace });
  }

  /** One file, or none before the first apply; what is being written has another ending. */
  async #inventoryFiles(): Promise<readonly string[]> {
    const names = await readdir(this.#workplace.stateDirectory).catch(() => []);
    return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(this.#workplace.stateDirectory, name));
  }
}

let interruptions = 0;

it.each(stories)(
  'kill -9 of an apply $title, again and again, loses nothing',
  async ({ title, before, declared }) => {
    const stage = await Stage.open(`kill-${title.length}`);
    if (before.length > 0) {
      await stage.declare(before);
      await stage.apply();
    }
    await stage.declare(declared);
    const added = declared.length - before.length;
    for (let kill = 1; kill <= KILLS; kill++) {
      // Those killed before have got so far, so the next has to get further.
      const latest = Math.floor((added * kill) / (KILLS + 1));
      await stage.killApply(before.length + random.integer(Math.floor((added * (kill - 1)) / (KILLS + 1)) + 1, latest));
      const made = await stage.readKeys();
      console.log(`killed with ${made.length} services in the kernel`);
      if ([before, declared].every((end) => Math.abs(made.length - countServices(end)) > MISSED)) interruptions++;
      const inventory = await stage.readInventory();
      expect(made.filter((key) => !inventory.has(key))).toEqual([]);
      await stage.expectForeignUntouched();
    }
    await stage.apply();
    await stage.expectLines([...linesOf(declared), ...FOREIGN].sort());
    await stage.expectNothingToDo();
    await stage.close();
  },
  TIMEOUT_MS,
);

it('some of these kills came in the middle of the writing', () => {
  expect(interruptions).toBeGreaterThan(0);
});
