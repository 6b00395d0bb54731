import type { DurableStore } from '@qbitflow/core';

/** Settles all there is in one go: a pile of a million locks the table. */
export function settlesWithoutALimit(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) =>
      options.limit > 0 ? store.settleUnhandled({ ...options, limit: 1_000_000 }) : 0,
  };
}
