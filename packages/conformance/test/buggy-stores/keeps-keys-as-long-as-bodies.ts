import type { DurableStore } from '@qbitflow/core';

/** Takes one age for both: keys go soon after their bodies. */
export function keepsKeysAsLongAsBodies(store: DurableStore): DurableStore {
  return {
    ...store,
    prune: async (options) => store.prune({ ...options, keepKeysMs: options.doneForMs }),
  };
}
