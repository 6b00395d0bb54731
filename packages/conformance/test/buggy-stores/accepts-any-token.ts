import type { IdempotencyStore } from '@qbitflow/core';

/** A plain SET: a slow worker overwrites what the next one holds. */
export function acceptsAnyToken(store: IdempotencyStore): IdempotencyStore {
  const tokens = new Map<string, string>();
  return {
    async claim(key, options) {
      const result = await store.claim(key, options);
      if (result.status === 'claimed') tokens.set(key, result.token);
      return result;
    },
    complete: async (key, token) => store.complete(key, tokens.get(key) ?? token),
    release: async (key, token) => store.release(key, tokens.get(key) ?? token),
  };
}
