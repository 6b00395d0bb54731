import type { DurableStore } from '@qbitflow/core';

/** Hands the limit to SQL, where -1 means all. */
export function takesMinusOneForAll(store: DurableStore): DurableStore {
  const all = (limit: number) => (limit < 0 ? 1_000_000 : limit);
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, limit: all(options.limit) }),
    prune: async (options) => store.prune({ ...options, limit: all(options.limit) }),
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, limit: all(options.limit) }),
  };
}
