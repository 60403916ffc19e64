import type { Random } from '../e2e/random.js';
import { createService, editService, keyArguments, linesOf, serverArguments } from './services.js';
import type { Place, Server, Service } from './services.js';
import type { Damage, Step, StepKind, WritingOfFiles } from './steps.js';

/** What holds between rounds. */
export interface World {
  /** By name. */
  readonly services: ReadonlyMap<string, Service>;
  /** Lines of ipvsadm, by their first one. */
  readonly foreign: ReadonlyMap<string, readonly string[]>;
  readonly lastNumber: number;
}

export interface Round {
  readonly steps: readonly Step[];
  /** What shall be after it. */
  readonly after: World;
}

export interface Limits {
  /** How far from the right time the clock may be set; none where it is not ours. */
  readonly clockSeconds?: { readonly earliest: number; readonly latest: number };
}

type Misdeed = Exclude<StepKind, 'Pause' | 'Declare' | 'Withdraw'>;

/** How often each is chosen, compared with the others. Starts of programs are slow. */
const MISDEEDS: Readonly<Record<Misdeed, number>> = {
  KillController: 4,
  DamageCache: 2,
  KillApiServer: 2,
  FreezeApiServer: 3,
  Meddle: 8,
  AddForeign: 2,
  RemoveForeign: 1,
  HalfWrite: 4,
  LoseFile: 3,
  LoseFolder: 2,
  Flush: 2,
  SetClock: 4,
};
const LOTS = Object.entries(MISDEEDS).flatMap(([kind, times]) => new Array<Misdeed>(times).fill(kind as Misdeed));
const FEWEST_SERVICES = 12;
const MOST_SERVICES = 18;
const DAMAGES: readonly Damage[] = ['Cut', 'Overwritten', 'Emptied', 'Deleted'];
const WAYS: readonly WritingOfFiles[] = ['InPlace', 'Renamed'];

export function createWorld(random: Random): World {
  const services = Array.from({ length: FEWEST_SERVICES }, (_, i) =>
    createService(i % 2 === 0 ? 'File' : 'Object', i + 1, random),
  );
  return { services: byName(services), foreign: new Map(), lastNumber: FEWEST_SERVICES };
}

/** Chooses one to three misdeeds, and up to three changes of what is declared, in any order. */
export function planRound(world: World, random: Random, limits: Limits): Round {
  const planner = new Planner(world, random, limits);
  const misdeeds = Array.from({ length: random.integer(1, 3) }, () => random.pick(LOTS));
  const changes = new Array<'Change'>(random.integer(0, 3)).fill('Change');
  const left: (Misdeed | 'Change')[] = [...misdeeds, ...changes];
  while (left.length > 0) {
    const [next] = left.splice(random.integer(0, left.length - 1), 1);
    if (next === 'Change') planner.change();
    else if (next !== undefined) planner.misdeed(next);
    if (random.chance(0.5)) planner.pause();
  }
  return planner.round();
}

class Planner {
  readonly #random: Random;
  readonly #limits: Limits;
  readonly #steps: Step[] = [];
  readonly #services: Map<string, Service>;
  readonly #foreign: Map<string, readonly string[]>;
  #lastNumber: number;
  #hasApiServer = true;

  constructor(world: World, random: Random, limits: Limits) {
    this.#random = random;
    this.#limits = limits;
    this.#services = new Map(world.services);
    this.#foreign = new Map(world.foreign);
    this.#lastNumber = world.lastNumber;
  }

  round(): Round {
    const after = { services: this.#services, foreign: this.#foreign, lastNumber: this.#lastNumber };
    return { steps: this.#steps, after };
  }

  pause(): void {
    this.#steps.push({ kind: 'Pause', milliseconds: this.#random.integer(0, 1500) });
  }

  /** Objects change only while somebody takes them. */
  change(): void {
    const random = this.#random;
    const places: readonly Place[] = this.#hasApiServer ? ['File', 'Object'] : ['File'];
    const place = random.pick(places);
    const size = this.#services.size;
    if (size < MOST_SERVICES && random.chance(0.2)) {
      this.#declare(createService(place, ++this.#lastNumber, random));
      return;
    }
    const service = this.#pick(place);
    if (size > FEWEST_SERVICES && random.chance(0.2)) {
      this.#services.delete(service.name);
      this.#steps.push({ kind: 'Withdraw', service });
    } else this.#declare(editService(service, random));
  }

  misdeed(kind: Misdeed): void {
    const random = this.#random;
    switch (kind) {
      case 'KillController':
        this.#steps.push({ kind, milliseconds: random.pick([0, 0, 500, 2000]) });
        return;
      case 'DamageCache':
        this.#steps.push({ kind, damage: random.pick(DAMAGES) });
        return;
      case 'KillApiServer':
      case 'FreezeApiServer':
        if (!this.#hasApiServer) return;
        this.#hasApiServer = false;
        this.#steps.push({ kind });
        return;
      case 'Meddle':
        this.#steps.push(this.#meddle(random.pick([...this.#services.values()])));
        return;
      case 'AddForeign':
        this.#addForeign();
        return;
      case 'RemoveForeign':
        this.#removeForeign();
        return;
      case 'HalfWrite': {
        const service = editService(this.#pick('File'), random);
        this.#services.set(service.name, service);
        this.#steps.push({ kind, service, share: random.integer(0, 100) / 100, milliseconds: random.integer(0, 1500) });
        return;
      }
      case 'LoseFile':
        this.#steps.push({ kind, service: this.#pick('File'), milliseconds: random.integer(0, 2000) });
        return;
      case 'LoseFolder':
        this.#steps.push({ kind, milliseconds: random.integer(0, 3000) });
        return;
      case 'Flush':
        this.#foreign.clear();
        this.#steps.push({ kind });
        return;
      case 'SetClock':
        this.#setClock();
        return;
    }
  }

  #pick(place: Place): Service {
    return this.#random.pick([...this.#services.values()].filter((service) => service.place === place));
  }

  #declare(service: Service): void {
    this.#services.set(service.name, service);
    this.#steps.push({ kind: 'Declare', service, how: this.#random.pick(WAYS) });
  }

  #meddle(service: Service): Step {
    const random = this.#random;
    const key = keyArguments(service);
    const of = serverArguments(random.pick<Server>(service.servers));
    const [line, harm] = random.pick([
      [`-D ${key}`, 'Gap'],
      [`-d ${key} ${of}`, 'Gap'],
      [`-e ${key} ${of} -m -w 0`, 'Gap'],
      [`-e ${key} ${of} -g -w 1000`, 'NoGap'],
      [`-E ${key} -s sed`, 'NoGap'],
      [`-E ${key} -s wlc -p 100`, 'NoGap'],
      [`-a ${key} -r 172.16.0.${random.integer(1, 9)}:80 -m -w 9`, 'NoGap'],
    ] as const);
    return { kind: 'Meddle', service, line, harm };
  }

  #addForeign(): void {
    const key = `-t 198.51.100.${this.#random.integer(1, 200)}:443`;
    const lines = [`-A ${key} -s rr`, `-a ${key} -r 203.0.113.${this.#random.integer(1, 200)}:443 -m -w 1`];
    if (this.#foreign.has(lines[0] ?? '')) return;
    this.#foreign.set(lines[0] ?? '', lines);
    this.#steps.push({ kind: 'AddForeign', lines });
  }

  #removeForeign(): void {
    if (this.#foreign.size === 0) return;
    const [first, lines] = this.#random.pick([...this.#foreign]);
    this.#foreign.delete(first);
    this.#steps.push({ kind: 'RemoveForeign', lines });
  }

  #setClock(): void {
    const { clockSeconds } = this.#limits;
    if (clockSeconds === undefined) return;
    const { earliest, latest } = clockSeconds;
    this.#steps.push({ kind: 'SetClock', offsetSeconds: this.#random.integer(earliest, latest) });
  }
}

/** What `ipvsadm -Sn` prints when all is well, sorted. */
export function rightLines({ services, foreign }: World): readonly string[] {
  return [...[...services.values()].flatMap(linesOf), ...[...foreign.values()].flat()].sort();
}

function byName(services: readonly Service[]): ReadonlyMap<string, Service> {
  return new Map(services.map((service) => [service.name, service]));
}
