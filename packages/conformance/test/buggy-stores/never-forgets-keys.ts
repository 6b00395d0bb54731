import type { DurableStore } from '@qbitflow/core';

/** Overlooks `keepKeysMs`: the table of keys grows although a merchant asked for an end. */
export function neverForgetsKeys(store: DurableStore): DurableStore {
  return { ...store, prune: async (options) => store.prune({ ...options, keepKeysMs: Infinity }) };
}
