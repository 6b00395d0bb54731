import type { IdempotencyStore } from '@qbitflow/core';

/** One token for everybody: a claim that was lost cannot be told from the one that holds. */
export function reusesTokens(store: IdempotencyStore): IdempotencyStore {
  const tokens = new Map<string, string>();
  return {
    async claim(key, options) {
      const result = await store.claim(key, options);
      if (result.status !== 'claimed') return result;
      tokens.set(key, result.token);
      return { status: 'claimed', token: 'worker-1' };
    },
    complete: async (key, token) =>
      token === 'worker-1' && store.complete(key, tokens.get(key) ?? token),
    release: async (key, token) =>
      token === 'worker-1' && store.release(key, tokens.get(key) ?? token),
  };
}
