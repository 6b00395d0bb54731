import type { DurableStore } from '@qbitflow/core';

/** Lets the database refuse an odd number: the kit takes it for an outage and tries again. */
export function rejectsInItsOwnWords(store: DurableStore): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      if (!Number.isFinite(options.delayMs) || options.delayMs < 0)
        throw new Error('timestamp out of range');
      return store.retry(claim, options);
    },
  };
}
