/** Each step is an operation: more of them would not be noticed. */
const MAXIMUM_STEPS = 20;
const MINIMUM_STEP_MILLISECONDS = 1000;

export interface RampPoint {
  readonly weight: number;
  /** When the next step is; `undefined` where the whole weight is reached. */
  readonly nextMilliseconds: number | undefined;
}

/** The weight of a server that takes connections since `start`. It is never 0 where the whole weight is not. */
export function rampedWeight(
  whole: number,
  startMilliseconds: number,
  durationMilliseconds: number,
  nowMilliseconds: number,
): RampPoint {
  const steps = Math.max(1, Math.min(MAXIMUM_STEPS, Math.floor(durationMilliseconds / MINIMUM_STEP_MILLISECONDS)));
  const stepMilliseconds = durationMilliseconds / steps;
  const elapsed = Math.max(0, nowMilliseconds - startMilliseconds);
  if (elapsed >= durationMilliseconds || whole === 0) return { weight: whole, nextMilliseconds: undefined };
  // What is due within this very moment is not scheduled again: times are fractions.
  const step = Math.min(steps - 1, Math.floor(elapsed / stepMilliseconds + 1e-9));
  return {
    weight: Math.max(1, Math.round((whole * (step + 1)) / (steps + 1))),
    nextMilliseconds: startMilliseconds + (step + 1) * stepMilliseconds,
  };
}
