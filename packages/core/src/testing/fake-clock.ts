import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, safeDelayMs } from '../clock.js';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets `ms` pass: fires the timers due by then in order, and lets promise callbacks run before and after each. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  readonly waiting: number;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/**
 * A {@link FakeClock} that starts at `startMs` (ms since 1970), by default 2026-10-01T12:00:00Z. For tests that wait for
 * back-off, leases or retention, which so take no time; never throws.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { fakeClock } from '@qbitflow/core/testing';
 *
 * const clock = fakeClock();
 * const qbitflow = createQBitFlow({ clock });
 * await clock.advance(3_600_000); // ms: whatever was to happen in the next hour
 * ```
 */
export function fakeClock(startMs = 1_790_856_000_000): FakeClock {
  let now = startMs;
  /** In the order they were set, so that timers due together fire in it. */
  const timers = new Set<Timer>();

  function nextDueBy(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueAt <= endMs && (next === undefined || timer.dueAt < next.dueAt)) next = timer;
    }
    return next;
  }

  return {
    now: () => now,
    get waiting() {
      return timers.size;
    },
    after(delayMs, callback) {
      const timer = { dueAt: now + safeDelayMs(delayMs, 0), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async advance(ms) {
      const endMs = now + ms;
      await nextTurn();
      for (let timer = nextDueBy(endMs); timer !== undefined; timer = nextDueBy(endMs)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueAt);
        timer.callback();
        await nextTurn();
      }
      now = Math.max(now, endMs);
    },
  };
}
