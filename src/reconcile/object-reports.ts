import type { InventoryEntry } from '../kernel/index.js';
import type { StatusSink } from '../sources/index.js';
import { describeOnNode } from '../status/index.js';
import type { Departing, ObjectReport } from '../status/index.js';
import type { KernelSnapshot } from './controller-types.js';
import type { Findings } from './findings.js';
import type { Intake } from './intake.js';
import type { HealthOverlay } from './health/index.js';
import { gatherFacts } from './object-facts.js';

/** Objects between two pauses: some milliseconds of work on a slow machine. */
const OBJECTS_PER_STEP = 50;

/** What the reports are made of. */
export interface ReportSources {
  readonly sink: StatusSink;
  readonly intake: Intake;
  readonly health: HealthOverlay;
  readonly findings: Findings;
  /** The inventory's entries. */
  readonly owners: () => ReadonlyMap<string, InventoryEntry>;
  /** Whether a part of an object is still to be looked at. */
  readonly isDue: (part: string) => boolean;
  readonly kernel: () => KernelSnapshot;
  readonly pause: () => Promise<void>;
}

/**
 * Tells how objects are, those alone for which it may be different: after a change of one object, that one. An object
 * that is about to be looked at is told of afterwards.
 */
export class ObjectReports {
  readonly #sources: ReportSources;
  readonly #touched = new Set<string>();
  /** Objects that were told of as not being as they should: every full round may have changed that. */
  readonly #troubled = new Set<string>();

  constructor(sources: ReportSources) {
    this.#sources = sources;
  }

  touch(objects: Iterable<string>): void {
    for (const object of objects) this.#touched.add(object);
  }

  /** @param keys what was looked at; `undefined` for everything */
  noteRound(keys: ReadonlySet<string> | undefined): void {
    const { services, director } = this.#sources.intake.wanted;
    if (keys === undefined) {
      this.touch(this.#troubled);
      this.#touchFound();
      if (director !== null) this.#touched.add(director.object);
      return;
    }
    for (const key of keys) {
      const object = services.get(key)?.object;
      if (object !== undefined) this.#touched.add(object);
    }
  }

  /** Stops where there is news: what is left is told with it. */
  async tell(): Promise<void> {
    const { intake, pause, sink } = this.#sources;
    const leftOvers = this.#leftOversByOwner();
    let count = 0;
    let reports: ObjectReport[] = [];
    for (const object of [...this.#touched]) {
      const report = this.#reportOn(object, leftOvers);
      if (report === undefined) continue;
      this.#touched.delete(object);
      reports.push(report);
      if (++count % OBJECTS_PER_STEP > 0) continue;
      sink.report(reports);
      reports = [];
      await pause();
      if (intake.hasNews) return;
    }
    if (reports.length > 0) sink.report(reports);
  }

  /** `undefined` where it is not time yet. */
  #reportOn(object: string, leftOvers: ReadonlyMap<string, LeftOvers>): ObjectReport | undefined {
    const { intake, health, findings, isDue, kernel } = this.#sources;
    const standing = intake.standingOf(object);
    if (standing === undefined) {
      this.#troubled.delete(object);
      return { object, state: null };
    }
    const { wanted } = intake;
    const facts = gatherFacts({
      standing,
      wanted,
      health,
      findings,
      isDue,
      kernel: kernel(),
      ...leftOvers.get(object),
    });
    if (facts === undefined) return undefined;
    const state = describeOnNode(facts);
    if (state.reason === 'Programmed') this.#troubled.delete(object);
    else this.#troubled.add(object);
    return { object, state };
  }

  /** Objects that a full round found something about. */
  #touchFound(): void {
    const { findings, intake, owners } = this.#sources;
    const { services } = intake.wanted;
    for (const { object } of findings.failures.values()) if (object !== undefined) this.#touched.add(object);
    for (const problem of findings.problems.values()) if ('object' in problem) this.#touched.add(problem.object);
    for (const key of [...findings.heldBack, ...findings.deferred]) {
      const object = services.get(key)?.object ?? owners().get(key)?.object;
      if (object !== undefined) this.#touched.add(object);
    }
  }

  /** Services that stay for a while, by the object they were made for; of objects that are gone, by the Director. */
  #leftOversByOwner(): ReadonlyMap<string, LeftOvers> {
    const { findings, health, intake, owners } = this.#sources;
    const { objects, director } = intake.wanted;
    const byOwner = new Map<string, LeftOvers>();
    const leftOversOf = (owner: string | undefined): LeftOvers => {
      const object = owner !== undefined && objects.has(owner) ? owner : director?.object;
      const known = (object === undefined ? undefined : byOwner.get(object)) ?? {
        heldBack: [],
        deferred: [],
        departing: [],
      };
      if (object !== undefined) byOwner.set(object, known);
      return known;
    };
    for (const kind of ['heldBack', 'deferred'] as const) {
      for (const key of findings[kind]) leftOversOf(owners().get(key)?.object)[kind].push(key);
    }
    for (const { key, object, keepsClients } of health.view.departures()) {
      leftOversOf(object).departing.push({ name: key, keepsClients });
    }
    return byOwner;
  }
}

interface LeftOvers {
  readonly heldBack: string[];
  readonly deferred: string[];
  readonly departing: Departing[];
}
