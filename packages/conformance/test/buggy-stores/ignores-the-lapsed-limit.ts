import type { DurableStore } from '@qbitflow/core';

/** Gives as many lapsed ones as there are: they stand before all that is fresh. */
export function ignoresTheLapsedLimit(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, lapsedLimit: undefined }),
  };
}
