// Fetches back, at start and every night, what webhooks missed: the app was down for days, the endpoint was disabled.
// It goes into the same inbox under the same keys, so it may run at any time and on every instance at once.

const HOUR_MS = 3_600_000;

/** How long until the clock next shows `hour` (local time), in ms. */
export function untilNext(hour, now = new Date()) {
  const next = new Date(now);
  next.setHours(hour, 0, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next - now;
}

/** Recovers now and then every night at `hour`. Returns how to stop. */
export function recoverNightly(qbitflow, { hour = 3, daysBack = 4, log = console.log } = {}) {
  const stopping = new AbortController();
  let timer;

  async function run() {
    const since = Date.now() - daysBack * 24 * HOUR_MS;
    try {
      const found = await qbitflow.recover({ since, signal: stopping.signal });
      log(`recovery: ${found.recorded} of ${found.seen} events had been missed`);
      // It may have been handled before this store was made: look at it yourself.
      if (found.tooOld) log(`recovery: ${found.tooOld} older than the store were left alone`);
    } catch (error) {
      log(`recovery: ${error.message}; tried again tomorrow`);
    }
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => void run(), untilNext(hour));
  }

  void run();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
