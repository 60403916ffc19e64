/** Time as the controller sees it. */
export interface Clock {
  /** Never jumps and never goes back: `performance.now()`. */
  nowMilliseconds(): number;
  /** Calls the action once, when so much time has passed. The result cancels it. */
  schedule(delayMilliseconds: number, action: () => void): () => void;
  /** Lets everything else that waits for the event loop run. */
  pause(): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  nowMilliseconds: () => performance.now(),
  schedule: (delayMilliseconds, action) => {
    const timer = setTimeout(action, delayMilliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  pause: () => new Promise((resolve) => setImmediate(resolve)),
};
