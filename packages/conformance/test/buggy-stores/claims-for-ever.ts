import type { IdempotencyStore } from '@qbitflow/core';

/** SET NX without an expiry: what a crashed process had claimed is never done. */
export function claimsForEver(store: IdempotencyStore): IdempotencyStore {
  return { ...store, claim: async (key) => store.claim(key, { leaseMs: 86_400_000 }) };
}
