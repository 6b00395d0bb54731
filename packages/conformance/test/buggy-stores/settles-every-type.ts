import type { DurableStore } from '@qbitflow/core';

/** Overlooks the types: what has a handler is settled with what has none. */
export function settlesEveryType(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, types: { except: [] } }),
  };
}
