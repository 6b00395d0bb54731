import type { DurableStore } from '@qbitflow/core';

/** Counts starts and forgets to count the ends: everything looks like a crash. */
export function neverFinishesAttempts(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return taken.map((one) => ({ ...one, finished: 0, lapsed: one.started > 1 }));
    },
    async get(key) {
      const stored = await store.get(key);
      return stored && { ...stored, finished: 0 };
    },
  };
}
