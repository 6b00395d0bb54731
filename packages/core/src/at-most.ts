import { sleep, type Clock } from './clock.js';

/** Waits for `work`, `limitMs` (ms) at most; it goes on by itself after that. Rejects when the work does so in time. */
export async function atMost(
  clock: Clock,
  limitMs: number,
  work: Promise<unknown>,
): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, sleep(clock, limitMs, ended.signal)]);
  } finally {
    ended.abort();
    // What fails after the limit has nobody left to hear of it.
    work.catch(() => undefined);
  }
}
