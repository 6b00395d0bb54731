import type { DurableStore } from '@qbitflow/core';

/** Counts done ones only: nobody notices that a type has no handler until it is too late. */
export function countsHandledTypes(store: DurableStore): DurableStore {
  return { ...store, stats: async () => store.stats() };
}
