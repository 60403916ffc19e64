/**
 * What somebody who knows a server says of it, beyond whether it passes: in HAProxy's words, as its agents do. What is
 * absent is not said: it stays as it was said last.
 */
export interface Advice {
  /** `Down` until `Up` is said. */
  readonly state?: 'Up' | 'Down';
  /** `Drain`: no new connections. `Maintenance`: out, whatever the checks find. Both until `Ready` is said. */
  readonly mode?: 'Ready' | 'Drain' | 'Maintenance';
  readonly weight?: AdvisedWeight;
}

export type AdvisedWeight =
  /** Of the declared weight. */
  | { readonly kind: 'Percent'; readonly percent: number }
  /** Instead of the declared weight. */
  | { readonly kind: 'Absolute'; readonly weight: number };

/** All that was said so far. */
export interface Advised {
  readonly state: 'Up' | 'Down';
  readonly mode: 'Ready' | 'Drain' | 'Maintenance';
  /** `null`: the declared one. */
  readonly weight: AdvisedWeight | null;
}

/** Of servers that nobody says anything of, and of those of which the usual is said. */
export const NOTHING_ADVISED: Advised = { state: 'Up', mode: 'Ready', weight: null };

/** The same object where nothing else is said than before. */
export function takeAdvice(before: Advised, advice: Advice): Advised {
  const now: Advised = {
    state: advice.state ?? before.state,
    mode: advice.mode ?? before.mode,
    weight: advice.weight === undefined ? before.weight : unlessUsual(advice.weight),
  };
  if (sameAdvised(before, now)) return before;
  return sameAdvised(NOTHING_ADVISED, now) ? NOTHING_ADVISED : now;
}

/** Whether a server is out by what was said, whatever else is found. */
export function isHeldOut({ state, mode }: Advised): boolean {
  return state === 'Down' || mode === 'Maintenance';
}

/** A kernel weight stays below what it can be declared to be. */
const MAXIMUM_WEIGHT = 65_535;

/**
 * The weight of a server by all that is said of it: where several say something, the lowest. It is 0 only where the
 * declared one is, or where 0 or that it drains was said. A declared 0 stays.
 *
 * @param scale how many times the weights that people say the kernel's are
 */
export function advisedWeight(declared: number, scale: number, advised: Iterable<Advised>): number {
  let lowest: number | undefined;
  for (const { mode, weight } of advised) {
    if (mode !== 'Ready') return 0;
    if (weight === null) continue;
    const own = Math.min(weightOf(declared, scale, weight), MAXIMUM_WEIGHT * scale);
    lowest = lowest === undefined ? own : Math.min(lowest, own);
  }
  return declared === 0 || lowest === undefined ? declared : lowest;
}

function weightOf(declared: number, scale: number, weight: AdvisedWeight): number {
  switch (weight.kind) {
    case 'Absolute':
      return weight.weight * scale;
    case 'Percent':
      return weight.percent === 0 ? 0 : Math.max(1, Math.round((declared * weight.percent) / 100));
  }
}

function unlessUsual(weight: AdvisedWeight): AdvisedWeight | null {
  return weight.kind === 'Percent' && weight.percent === 100 ? null : weight;
}

function sameAdvised(a: Advised, b: Advised): boolean {
  return a.state === b.state && a.mode === b.mode && sameWeight(a.weight, b.weight);
}

function sameWeight(a: AdvisedWeight | null, b: AdvisedWeight | null): boolean {
  if (a === null || b === null) return a === b;
  switch (a.kind) {
    case 'Absolute':
      return b.kind === 'Absolute' && a.weight === b.weight;
    case 'Percent':
      return b.kind === 'Percent' && a.percent === b.percent;
  }
}
