import type { DurableStore } from '@qbitflow/core';

/** Overlooks `dueForMs`: between two deploys everything is settled. */
export function settlesTheYoung(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) => store.settleUnhandled({ ...options, dueForMs: 0 }),
  };
}
