import { fail, ok } from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** How long to look for something, in ms, and how coarse the store's time is. */
export interface Patience {
  readonly patienceMs: number;
  readonly granularityMs: number;
}

/** Asks again and again until there is an answer; `what` names what was waited for. */
export async function eventually<T>(
  { patienceMs }: Patience,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    // Before the look: what a stalled machine has not seen in time is looked for once more.
    const isLast = performance.now() > deadline;
    const found = await look();
    if (found !== undefined) return found;
    if (isLast) fail(`${what}: waited ${patienceMs} ms in vain`);
    await wait(10);
  }
}

/** Waits until `ms` have passed by the store's clock too. */
export async function pass({ granularityMs }: Patience, ms: number): Promise<void> {
  await wait(ms + 2 * granularityMs);
}

/** Waits until the store's clock shows another time than before. */
export async function tick(patience: Patience): Promise<void> {
  await pass(patience, 3);
}

/** A stop watch. It only ever asserts that something did not come too early. */
export function startWatch() {
  const started = performance.now();
  return {
    elapsedMs: () => performance.now() - started,
    assertAtLeast({ granularityMs }: Patience, ms: number, what: string): void {
      const elapsed = performance.now() - started;
      // Two clocks may round differently.
      const least = ms - granularityMs - 20;
      ok(elapsed >= least, `${what} after ${Math.round(elapsed)} ms, expected ${ms} ms at least`);
    },
  };
}
