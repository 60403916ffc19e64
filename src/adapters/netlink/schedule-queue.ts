import { splitIntoWaves } from '../../kernel/index.js';
import type { Wave } from '../../kernel/index.js';
import { serviceKeyText } from '../../model/index.js';
import type { Operation, ServiceKey } from '../../model/index.js';

/**
 * Operations, as indices, for one call of the addon: steps, of which each begins when the one before has succeeded. No
 * operation's fate depends on another one of its step, and operations on one service keep their order.
 */
export type Schedule = readonly (readonly number[])[];

/**
 * The schedules of some operations, made as they are needed, and those that were put back.
 *
 * A wave ends where one service's operations depend on each other, and each wave costs two system calls. Other services
 * do not care, so waves are joined: of many new services, each followed by its servers, all services are one step and all
 * servers the next. What is not about one service is a schedule of its own.
 */
export class ScheduleQueue {
  readonly #operations: readonly Operation[];
  readonly #maximumLength: number;
  readonly #waves: Iterator<Wave, undefined>;
  /** Not yet part of a schedule. */
  #wave: Wave | undefined;
  #returned: Schedule[] = [];

  constructor(operations: readonly Operation[], maximumLength: number) {
    this.#operations = operations;
    this.#maximumLength = maximumLength;
    this.#waves = splitIntoWaves(operations, maximumLength);
    this.#wave = this.#waves.next().value;
  }

  next(): Schedule | undefined {
    return this.#returned.shift() ?? this.#join();
  }

  /** Schedules in the order in which they shall come again, before all others. */
  putBack(schedules: readonly Schedule[]): void {
    this.#returned = [...schedules.filter((schedule) => schedule.length > 0), ...this.#returned];
  }

  #join(): Schedule | undefined {
    const first = this.#wave;
    if (first === undefined) return undefined;
    if (this.#keyAt(first.start) === undefined) {
      this.#wave = this.#waves.next().value;
      return [[first.start]];
    }
    const steps = new Steps();
    let wave: Wave | undefined = first;
    while (wave !== undefined && wave.end - first.start <= this.#maximumLength) {
      for (let index = wave.start; index < wave.end; index++) {
        const key = this.#keyAt(index);
        if (key === undefined) return steps.steps;
        steps.add(index, key, wave);
      }
      wave = this.#waves.next().value;
      this.#wave = wave;
    }
    return steps.steps;
  }

  #keyAt(index: number): ServiceKey | undefined {
    const operation = this.#operations[index];
    return operation === undefined ? undefined : serviceOf(operation);
  }
}

/** The service that an operation is about; absent where others must neither pass it nor be passed. */
function serviceOf(operation: Operation): ServiceKey | undefined {
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
    case 'DeleteService':
    case 'AddServer':
    case 'EditServer':
    case 'DeleteServer':
      return operation.key;
    case 'ZeroStatistics':
    case 'Flush':
    case 'SetTimeouts':
    case 'StartDaemon':
    case 'StopDaemon':
    case 'SetSysctl':
      return undefined;
  }
}

/** Where the last operation on a service went. */
interface Place {
  wave: Wave;
  step: number;
}

class Steps {
  readonly steps: number[][] = [];
  /** By key text. */
  readonly #places = new Map<string, Place>();
  /** Operations on one service follow each other and share the key object: it is looked up once. */
  #key: ServiceKey | undefined;
  #place: Place | undefined;

  add(index: number, key: ServiceKey, wave: Wave): void {
    const place = this.#place === undefined || key !== this.#key ? this.#find(key, wave) : this.#place;
    if (place.wave !== wave) {
      place.wave = wave;
      place.step++;
    }
    (this.steps[place.step] ??= []).push(index);
  }

  #find(key: ServiceKey, wave: Wave): Place {
    const text = serviceKeyText(key);
    const place = this.#places.get(text) ?? { wave, step: 0 };
    this.#places.set(text, place);
    this.#key = key;
    this.#place = place;
    return place;
  }
}
