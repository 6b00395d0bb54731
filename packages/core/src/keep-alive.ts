import { systemClock, type CancelTimer, type Clock } from './clock.js';

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

/** The same items; the process stays alive while somebody waits for the next one, whatever clock they go by. */
export async function* whileAwaited<T>(
  items: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  let release = keepAlive(systemClock);
  try {
    for await (const item of items) {
      release();
      yield item;
      release = keepAlive(systemClock);
    }
  } finally {
    release();
  }
}
