import type { DurableStore } from '@qbitflow/core';

/** Counts a start for every taking: bystanders of a crash are blamed for it. */
export function countsLapsedStarts(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return Promise.all(
        taken.map(async (one) => {
          if (!one.lapsed) return one;
          const start = one.started + 1;
          await store.extend(one, { leaseMs: options.leaseMs, succeeded: [], start });
          return { ...one, started: start };
        }),
      );
    },
  };
}
