import type { CancelTimer, Clock } from './clock.js';

const AGAIN_MS = 3_600_000;

/** Keeps the process alive until the returned function is called. */
export function keepAlive(clock: Clock): CancelTimer {
  let cancel = hold();
  function hold(): CancelTimer {
    return clock.after(AGAIN_MS, () => {
      cancel = hold();
    });
  }
  return () => {
    cancel();
  };
}
