import type { DurableStore } from '@qbitflow/core';

/** Overlooks `counted: false`: every shutdown costs an attempt. */
export function countsWhatIsHandedBack(store: DurableStore): DurableStore {
  return {
    ...store,
    retry: async (claim, options) => store.retry(claim, { ...options, counted: true }),
  };
}
