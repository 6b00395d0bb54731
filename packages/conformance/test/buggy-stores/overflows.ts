import type { DurableStore } from '@qbitflow/core';

/** Keeps ages in 32 bits: a time that never comes has long been. */
export function overflows(store: DurableStore): DurableStore {
  const bits = (ms: number) => (Number.isFinite(ms) ? Math.trunc(ms) | 0 : ms);
  return {
    ...store,
    prune: async ({ doneForMs, keepKeysMs = Infinity, limit }) =>
      store.prune({ doneForMs: bits(doneForMs), keepKeysMs: bits(keepKeysMs), limit }),
  };
}
