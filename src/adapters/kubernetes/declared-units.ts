import { readObject, withFoundServers } from '../../desired/index.js';
import type { DeclaredVirtualService } from '../../desired/index.js';
import type { UnitChange } from '../../sources/index.js';
import type { DeclaredKind } from './declared-object.js';
import type { KubeObject } from './kube-object.js';
import { SliceStore } from './slice-store.js';

/**
 * The declared objects of a cluster as units, one each, with the servers that endpoint slices find for them. An object
 * that needs slices is not told before all slices are known.
 */
export class DeclaredUnits {
  readonly #slices = new SliceStore();
  /** Which state of an object was read last: writes to its status are no news. */
  readonly #states = new Map<string, string>();
  /** Objects that take servers from slices, as they were last declared without a fault. */
  readonly #finders = new Map<string, DeclaredVirtualService>();
  /** Which of them use a Service, by its `namespace/name`. */
  readonly #usersOf = new Map<string, Set<string>>();
  /** Those of them that are broken now, and how: their last good state goes on to follow the slices. */
  readonly #broken = new Map<string, UnitChange>();
  readonly #stale = new Set<string>();
  readonly #toldServers = new Map<string, string>();
  #areSlicesKnown = false;

  /** What an object's new state changes: one unit, or none. */
  async read(kind: DeclaredKind, key: string, object: KubeObject): Promise<readonly UnitChange[]> {
    const unit = unitOf(kind, key);
    const { uid = '', generation } = object.metadata;
    const state = generation === undefined ? undefined : `${uid} ${generation}`;
    if (state !== undefined && this.#states.get(unit) === state) return [];
    if (state !== undefined) this.#states.set(unit, state);
    const result = await readObject(kind, { ...object });
    if (result.kind === 'Bad') {
      const counted = generation === undefined ? {} : { generation };
      const broken: UnitChange = { unit, content: { kind: 'Broken', issues: result.issues, ...counted } };
      if (this.#finders.has(unit)) this.#broken.set(unit, broken);
      return [broken];
    }
    this.#dropFinder(unit);
    const { document } = result;
    if (document.kind === 'VirtualService' && (document.value.spec.realServersFrom ?? []).length > 0) {
      this.#addFinder(unit, document);
      return [];
    }
    return [{ unit, content: { kind: 'Present', documents: [document] } }];
  }

  remove(kind: DeclaredKind, key: string): UnitChange {
    const unit = unitOf(kind, key);
    this.#states.delete(unit);
    this.#dropFinder(unit);
    return { unit, content: { kind: 'Gone' } };
  }

  takeSlice(key: string, object: KubeObject): void {
    this.#noteServices(this.#slices.upsert(key, object));
  }

  removeSlice(key: string): void {
    this.#noteServices(this.#slices.remove(key));
  }

  /** Every slice that there is has been taken once. */
  noteSlicesKnown(): void {
    this.#areSlicesKnown = true;
  }

  /** The units whose servers are others than were told; about as many as wanted, the rest at the next calls. */
  takeFound(maximum: number): readonly UnitChange[] {
    if (!this.#areSlicesKnown) return [];
    const changes: UnitChange[] = [];
    for (const unit of this.#stale) {
      if (changes.length >= maximum) break;
      this.#stale.delete(unit);
      const declared = this.#finders.get(unit);
      if (declared === undefined) continue;
      const document = withFoundServers(declared, (name) => this.#slices.of(`${declared.namespace}/${name}`));
      const servers = JSON.stringify(document.found);
      if (this.#toldServers.get(unit) === servers) continue;
      this.#toldServers.set(unit, servers);
      changes.push({ unit, content: { kind: 'Present', documents: [document] } });
      // What is told to be present is taken for right.
      const broken = this.#broken.get(unit);
      if (broken !== undefined) changes.push(broken);
    }
    return changes;
  }

  get hasFound(): boolean {
    return this.#areSlicesKnown && this.#stale.size > 0;
  }

  #noteServices(services: readonly string[]): void {
    for (const service of services) for (const unit of this.#usersOf.get(service) ?? []) this.#stale.add(unit);
  }

  #addFinder(unit: string, document: DeclaredVirtualService): void {
    this.#finders.set(unit, document);
    this.#stale.add(unit);
    for (const service of servicesOf(document)) {
      this.#usersOf.set(service, (this.#usersOf.get(service) ?? new Set<string>()).add(unit));
    }
  }

  #dropFinder(unit: string): void {
    const document = this.#finders.get(unit);
    if (document === undefined) return;
    this.#finders.delete(unit);
    this.#broken.delete(unit);
    this.#stale.delete(unit);
    this.#toldServers.delete(unit);
    for (const service of servicesOf(document)) {
      const users = this.#usersOf.get(service);
      users?.delete(unit);
      if (users?.size === 0) this.#usersOf.delete(service);
    }
  }
}

function unitOf(kind: DeclaredKind, key: string): string {
  return `${kind} ${key}`;
}

function servicesOf({ namespace, value: { spec } }: DeclaredVirtualService): readonly string[] {
  return (spec.realServersFrom ?? []).map(({ endpointSlices }) => `${namespace}/${endpointSlices.serviceName}`);
}
