/** How long work may go on before other events get their turn. */
const STRETCH_MILLISECONDS = 10;

export interface Pauses {
  readonly now: () => number;
  /** Lets everything else that waits for the event loop run. */
  readonly pause: () => Promise<void>;
  /** Makes the work end with its reason, at the next pause. */
  readonly signal?: AbortSignal | undefined;
}

/** Does work that comes in small steps, with pauses between them; at one go where there are none. */
export async function finishInSteps<T>(steps: Generator<undefined, T>, pauses: Pauses | undefined): Promise<T> {
  let stretchStart = pauses?.now() ?? 0;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (pauses === undefined || pauses.now() - stretchStart < STRETCH_MILLISECONDS) continue;
    await pauses.pause();
    pauses.signal?.throwIfAborted();
    stretchStart = pauses.now();
  }
}
