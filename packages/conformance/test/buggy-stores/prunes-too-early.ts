import type { DurableStore } from '@qbitflow/core';

/** Overlooks `doneForMs`: a sender's late retry is fulfilled a second time. */
export function prunesTooEarly(store: DurableStore): DurableStore {
  return { ...store, prune: async ({ limit }) => store.prune({ doneForMs: 0, limit }) };
}
