import { expect, test } from 'vitest';
import { Pace } from '../../../src/reconcile/health/pace.js';
import { ManualClock } from '../manual-clock.js';

/** Its timers ring a little early, as those of Node do. */
class HastyClock extends ManualClock {
  override schedule(delayMilliseconds: number, action: () => void): () => void {
    return super.schedule(delayMilliseconds > 1 ? delayMilliseconds - 1 : delayMilliseconds, action);
  }
}

/** Uses up what may be at once. */
function hurried(clock: ManualClock): Pace {
  const pace = new Pace(clock);
  while (pace.isOpen) pace.noteLook();
  return pace;
}

test('what waits for the next look is called once, when there may be one', async () => {
  const clock = new ManualClock();
  const pace = hurried(clock);
  let calls = 0;
  for (let i = 0; i < 5; i++) pace.whenOpen(() => calls++);
  await clock.advance(99);
  expect(calls).toBe(0);
  await clock.advance(1);
  expect(calls).toBe(1);
});

test('it waits on where there was a look meanwhile, and where timers ring too early', async () => {
  const clock = new HastyClock();
  const pace = hurried(clock);
  let calls = 0;
  pace.whenOpen(() => calls++);
  await clock.advance(50);
  pace.noteLook();
  await clock.advance(149);
  expect(calls).toBe(0);
  await clock.advance(1);
  expect(calls).toBe(1);
});

test('after a while without looks, several may follow each other at once again', async () => {
  const clock = new ManualClock();
  const pace = hurried(clock);
  await clock.advance(1000);
  let looks = 0;
  for (; pace.isOpen; looks++) pace.noteLook();
  expect(looks).toBe(10);
});
