import type { CancelTimer, Clock } from '@qbitflow/core';

/** RFC 3339 text, as v2 writes its timestamps, of milliseconds since 1970. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

/** Timers that can all be taken back at once. */
export interface Timers {
  /** Calls back once after `delayMs` (ms), unless closed before. */
  readonly after: (delayMs: number, callback: () => void) => void;
  readonly close: () => void;
}

/** No timers yet. */
export function createTimers(clock: Clock): Timers {
  const waiting = new Set<CancelTimer>();
  return {
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        waiting.delete(cancel);
        callback();
      });
      waiting.add(cancel);
    },
    close() {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
