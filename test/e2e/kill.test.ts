import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWell } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { chooseSeed, createRandom } from './random.js';
import { virtualService, yamlStream } from './yaml.js';

// kill -9 of apply at random moments of its writing. Every story has a network namespace of its own, because real
// servers that were deleted stay in the kernel for two minutes and would slow the next story down.

const OBJECTS = 1000;
const PORTS_PER_OBJECT = 10;
const TIMEOUT_MS = 240_000;
const FOREIGN = [
  '-A -t 192.0.2.1:80 -s rr',
  '-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 7',
  '-A -f 4711 -s wlc -p 60',
];
const random = createRandom(chooseSeed());

interface Story {
  readonly title: string;
  /** What stands in the kernel and in the inventory before. */
  readonly before: readonly number[];
  /** The weights of the objects to apply, by number; 0 for an object that is gone. */
  readonly declared: readonly number[];
  readonly kills: number;
}

const none: readonly number[] = [];
const full = Array.from({ length: OBJECTS }, () => 1);
const stories: readonly Story[] = [
  ...[1, 2, 3, 4].map((n) => ({ title: `writes 10,000 services (${n})`, before: none, declared: full, kills: 2 })),
  {
    title: 'edits 10,000 services and removes half of them',
    before: full,
    declared: full.map((_, i) => (i % 2) * 2),
    kills: 2,
  },
];

/** One service with one server for each port, as /proc/net/ip_vs shows them. */
function rowsOf(weights: readonly number[]): readonly string[] {
  return weights.flatMap((weight, i) => {
    if (weight === 0) return [];
    const address = hexadecimal(0x0a000000 + i, 8);
    return Array.from({ length: PORTS_PER_OBJECT }, (_, n) => {
      const port = hexadecimal(8000 + n, 4);
      return `TCP ${address}:${port} wlc > ${hexadecimal(0xac100000 + i, 8)}:${port} Masq ${weight}`;
    });
  });
}

function hexadecimal(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}

function yamlOf(weights: readonly number[]): string {
  const documents = weights.flatMap((weight, i) => {
    if (weight === 0) return [];
    const last = `${i >> 8}.${i & 255}`;
    const ports = Array.from({ length: PORTS_PER_OBJECT }, (_, n) => ({ name: `p${n}`, port: 8000 + n }));
    const realServers = [{ address: `172.16.${last}`, weight }];
    return [virtualService('kill', `object-${i}`, { addresses: [`10.0.${last}`], ports, realServers })];
  });
  return yamlStream(documents);
}

interface Writing {
  readonly from: number;
  readonly to: number;
}

class Stage {
  readonly namespace: string;
  readonly #workplace: Workplace;
  readonly #flags = ['-f', 'declared.yaml', '--prune', '--max-removals', '100000'];

  constructor(namespace: string, workplace: Workplace) {
    this.namespace = namespace;
    this.#workplace = workplace;
  }

  static async open(namespace: string): Promise<Stage> {
    await runWell(['ip', 'netns', 'add', namespace]);
    await runWell(['ip', '-netns', namespace, 'link', 'set', 'lo', 'up']);
    await runWell(['ipvsadm', '-R'], { namespace, stdin: FOREIGN.join('\n') });
    return new Stage(namespace, await openWorkplace());
  }

  async close(): Promise<void> {
    await runWell(['ip', 'netns', 'del', this.namespace]);
    await this.#workplace.remove();
  }

  async declare(weights: readonly number[]): Promise<void> {
    await this.#workplace.write('declared.yaml', yamlOf(weights));
  }

  async apply(): Promise<void> {
    const { namespace } = this;
    const { status, stderr } = await this.#workplace.operator(['apply', ...this.#flags], { namespace });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }

  async expectNothingToDo(): Promise<void> {
    const { namespace } = this;
    const plan = ['plan', '--detailed-exitcode', ...this.#flags];
    expect((await this.#workplace.operator(plan, { namespace })).status).toBe(0);
  }

  /** Runs an apply that makes the inventory. In milliseconds from its start: when it began to write, and its end. */
  async measureWriting(): Promise<Writing> {
    const began = performance.now();
    const applying = this.apply();
    while ((await readdir(this.#workplace.stateDirectory).catch(() => [])).length === 0) await sleep(5);
    const from = performance.now() - began;
    await applying;
    return { from, to: performance.now() - began };
  }

  async killApply(afterMilliseconds: number): Promise<void> {
    const { namespace } = this;
    const running = this.#workplace.startOperator(['apply', ...this.#flags], { namespace });
    await Promise.race([sleep(afterMilliseconds), running.outcome]);
    running.kill();
    await running.outcome;
  }

  /** The kernel's table, without the services that FOREIGN made. */
  async ownRows(): Promise<readonly string[]> {
    const [, , , ...lines] = (await runWell(['cat', '/proc/net/ip_vs'], { namespace: this.namespace })).split('\n');
    const rows: string[] = [];
    for (const line of lines) {
      const words = line.trim().split(/ +/);
      if (words[0] !== '->') rows.push(words.slice(0, 3).join(' '));
      else rows.push(`${rows.pop() ?? ''} > ${words.slice(1, 4).join(' ')}`);
    }
    return rows.filter((row) => /^TCP 0A/.test(row)).sort();
  }

  async expectForeignUntouched(): Promise<void> {
    const { namespace } = this;
    const listed = await runWell(['ipvsadm', '-Ln', '-t', '192.0.2.1:80'], { namespace });
    expect(listed).toMatch(/TCP {2}192\.0\.2\.1:80 rr\n {2}-> 198\.51\.100\.1:80 +Masq +7 /);
    expect(await runWell(['ipvsadm', '-Ln', '-f', '4711'], { namespace })).toContain('FWM  4711 wlc persistent 60');
  }

  /** The services that have no owner according to the inventory. */
  async unowned(): Promise<readonly string[]> {
    const { namespace } = this;
    const { status, stdout, stderr } = await this.#workplace.operator(['get', '-o', 'json'], { namespace });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { services } = JSON.parse(stdout) as { services: readonly { key: string; object: string | null }[] };
    return services.filter(({ object }) => object === null).map(({ key }) => key);
  }
}

let writing: Writing;

beforeAll(async () => {
  const stage = await Stage.open('kill-measure');
  await stage.declare(full);
  writing = await stage.measureWriting();
  await stage.close();
}, TIMEOUT_MS);

describe.each(stories)('kill -9 of an apply that $title', ({ title, before, declared, kills }) => {
  let stage: Stage;
  const moments = Array.from({ length: kills }, (_, i) => (i + random.integer(0, 999) / 1000) / kills);

  beforeAll(async () => {
    stage = await Stage.open(`kill-${title.replaceAll(/\W+/g, '-')}`.slice(0, 60));
    await stage.declare(before);
    if (before.length > 0) await stage.apply();
    await stage.declare(declared);
  }, TIMEOUT_MS);

  afterAll(() => stage.close());

  it.each(moments)(
    'at %f of its writing leaves everything it made in the inventory',
    async (moment) => {
      await stage.killApply(writing.from + moment * (writing.to - writing.from));
      console.log(`killed with ${(await stage.ownRows()).length} services in the kernel`);
      expect(await stage.unowned()).toEqual(['TCP 192.0.2.1:80', 'FWM 4711']);
      await stage.expectForeignUntouched();
    },
    TIMEOUT_MS,
  );

  it(
    'is made up for by the next apply',
    async () => {
      await stage.apply();
      expect(await stage.ownRows()).toEqual([...rowsOf(declared)].sort());
      await stage.expectNothingToDo();
      await stage.expectForeignUntouched();
    },
    TIMEOUT_MS,
  );
});
