import type { DurableStore } from '@qbitflow/core';

/** Overlooks the delay: a failing handler is called in a tight loop. */
export function retriesAtOnce(store: DurableStore): DurableStore {
  return {
    ...store,
    retry: async (claim, options) => store.retry(claim, { ...options, delayMs: 0 }),
  };
}
