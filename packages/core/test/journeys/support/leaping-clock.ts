import type { FakeClock } from '@qbitflow/core/testing';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * A clock for years: it leaps over whatever time it is given, as for a machine that slept, and fires what was due
 * meanwhile once. Hourly work that would be done thousands of times is done after each leap.
 */
export function leapingClock(startMs = 1_790_856_000_000): FakeClock {
  let now = startMs;
  const timers = new Set<{ readonly dueAt: number; readonly callback: () => void }>();
  return {
    now: () => now,
    get waiting() {
      return timers.size;
    },
    after(delayMs, callback) {
      const timer = { dueAt: now + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async advance(ms) {
      await nextTurn();
      now += ms;
      for (;;) {
        const due = [...timers].filter(({ dueAt }) => dueAt <= now);
        if (due.length === 0) return;
        for (const timer of due.toSorted((one, other) => one.dueAt - other.dueAt))
          if (timers.delete(timer)) timer.callback();
        await nextTurn();
      }
    },
  };
}
