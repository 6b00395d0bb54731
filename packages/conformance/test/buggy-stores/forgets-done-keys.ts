import type { IdempotencyStore } from '@qbitflow/core';

/** The key expires with its lease although it is done: the next duplicate is fulfilled again. */
export function forgetsDoneKeys(store: IdempotencyStore): IdempotencyStore {
  return { ...store, complete: async (key, token) => store.release(key, token) };
}
