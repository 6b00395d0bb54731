import type { Clock } from '@qbitflow/core';
import { within } from './deadline.js';

/** Callers that wait for one thing, first come first served. */
export interface Line<Thing extends { giveBack(): void }> {
  /** Resolves when its turn has come; rejects after `timeoutMs`. */
  wait(timeoutMs: number): Promise<Thing>;
  /** To whoever is first; `false` when nobody waits. */
  giveNext(make: () => Thing): boolean;
  failAll(error: unknown): void;
}

/** An empty line. */
export function createLine<Thing extends { giveBack(): void }>(clock: Clock): Line<Thing> {
  const waiting: { give(thing: Thing): void; fail(error: unknown): void }[] = [];
  return {
    async wait(timeoutMs) {
      const turn = new Promise<Thing>((give, fail) => waiting.push({ give, fail }));
      const own = waiting.at(-1);
      try {
        return await within(clock, timeoutMs, turn);
      } catch (error) {
        const place = waiting.findIndex((waiter) => waiter === own);
        if (place !== -1) waiting.splice(place, 1);
        // Its turn may have come in the very moment that it gave up.
        turn.then(
          (late) => {
            late.giveBack();
          },
          () => undefined,
        );
        throw error;
      }
    },
    giveNext(make) {
      const next = waiting.shift();
      next?.give(make());
      return next !== undefined;
    },
    failAll(error) {
      for (const waiter of waiting.splice(0)) waiter.fail(error);
    },
  };
}
