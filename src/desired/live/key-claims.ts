import type { ServiceKey, WantedService } from '../../model/index.js';
import { describeClash } from '../derive/claims.js';
import type { PendingIssue } from '../derive/pending.js';
import { compareSeniority, sameWantedService } from './live-object.js';
import type { LiveObject } from './live-object.js';

/** Who decides about a claim besides the claimants. */
export interface ClaimContext {
  /** The object that the kernel's service was made for; `undefined` where it is not there, or not ours. */
  readonly holderOf: (key: string) => string | undefined;
  readonly isDeclared: (object: string) => boolean;
  /** Whether what is not declared now is known to be declared nowhere. */
  readonly isEverythingKnown: () => boolean;
}

/**
 * Which object claims and which one gets each key: who holds it in the kernel keeps it, else the older object gets it,
 * else the first name. An object with faults gets nothing, but what nobody else claims is left as it is.
 */
export class KeyClaims {
  /** What is wanted, as it changes. */
  readonly services = new Map<string, WantedService>();
  /** Of all of them together. */
  serverCount = 0;
  /** Keys that are left as they are, and the objects that they belong to. */
  readonly suspended = new Map<string, string>();
  readonly #context: ClaimContext;
  readonly #claimants = new Map<string, readonly LiveObject[]>();
  readonly #contested = new Set<string>();
  /** Keys kept for an object that holds them and may not have been read yet. */
  readonly #reserved = new Set<string>();

  constructor(context: ClaimContext) {
    this.#context = context;
  }

  /** Puts the object's new state in the place of the old one. The keys of both have to be settled then. */
  replace(before: LiveObject | undefined, after: LiveObject | undefined): void {
    for (const key of before?.services.keys() ?? []) {
      this.#setClaimants(
        key,
        (this.#claimants.get(key) ?? []).filter((claimant) => claimant !== before),
      );
    }
    if (after === undefined) return;
    for (const key of after.services.keys()) this.#setClaimants(key, [...(this.#claimants.get(key) ?? []), after]);
  }

  /** Decides who gets the key; tells whether something else is wanted of the kernel than before. */
  settle(key: string): boolean {
    const winner = this.#winnerOf(key);
    const service = winner?.kind === 'Active' ? winner.object.services.get(key) : undefined;
    const suspended = winner?.kind === 'LeftAlone' ? winner.name : undefined;
    const isSame = sameWantedService(this.services.get(key), service) && this.suspended.get(key) === suspended;
    this.serverCount += (service?.servers.length ?? 0) - (this.services.get(key)?.servers.length ?? 0);
    if (service === undefined) this.services.delete(key);
    else this.services.set(key, service);
    if (suspended === undefined) this.suspended.delete(key);
    else this.suspended.set(key, suspended);
    return !isSame;
  }

  claimantsOf(key: string): readonly LiveObject[] {
    return this.#claimants.get(key) ?? [];
  }

  /** The keys that were kept for somebody who may not have been read yet, and are not any more. */
  takeReserved(): readonly string[] {
    const keys = [...this.#reserved];
    this.#reserved.clear();
    return keys;
  }

  /** For every object that does not get all that it claims: what it does not get, by who has it. */
  describeClashes(objects: ReadonlyMap<string, LiveObject>): readonly PendingIssue[] {
    const clashes = new Map<LiveObject, Map<LiveObject, ServiceKey[]>>();
    for (const key of this.#contested) {
      const name = this.services.get(key)?.object ?? this.suspended.get(key);
      const winner = name === undefined ? undefined : objects.get(name);
      if (winner === undefined) continue;
      for (const loser of this.#claimants.get(key) ?? []) {
        const service = loser.services.get(key);
        if (loser === winner || service === undefined) continue;
        const byWinner = clashes.get(loser) ?? new Map<LiveObject, ServiceKey[]>();
        byWinner.set(winner, [...(byWinner.get(winner) ?? []), service.key]);
        clashes.set(loser, byWinner);
      }
    }
    return [...clashes].flatMap(([loser, byWinner]) =>
      [...byWinner].map(([winner, keys]) => describeClash(loser.document, winner.document, keys)),
    );
  }

  #setClaimants(key: string, claimants: readonly LiveObject[]): void {
    if (claimants.length === 0) this.#claimants.delete(key);
    else this.#claimants.set(key, claimants);
    if (claimants.length < 2) this.#contested.delete(key);
    else this.#contested.add(key);
  }

  #winnerOf(key: string): Winner | undefined {
    this.#reserved.delete(key);
    const claimants = this.#claimants.get(key) ?? [];
    if (claimants.length === 0) return undefined;
    const name = this.#context.holderOf(key);
    const holder = claimants.find(({ document }) => document.object === name);
    if (holder !== undefined) return winnerFrom(holder);
    if (name !== undefined && !this.#context.isDeclared(name) && !this.#context.isEverythingKnown()) {
      this.#reserved.add(key);
      return { kind: 'LeftAlone', name };
    }
    const [first] = [...claimants].sort(
      (a, b) => Math.sign(a.faults.length) - Math.sign(b.faults.length) || compareSeniority(a.document, b.document),
    );
    return first === undefined ? undefined : winnerFrom(first);
  }
}

type Winner =
  { readonly kind: 'Active'; readonly object: LiveObject } | { readonly kind: 'LeftAlone'; readonly name: string };

function winnerFrom(object: LiveObject): Winner {
  const isLeftAlone = object.faults.length > 0 || object.document.value.spec.suspend === true;
  return isLeftAlone ? { kind: 'LeftAlone', name: object.document.object } : { kind: 'Active', object };
}
