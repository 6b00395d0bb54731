import type { IdempotencyStore } from '@qbitflow/core';

/** Gives a running key to whoever claims it from the same connection: two requests at once both have it. */
export function claimsAgainForWhomItKnows(store: IdempotencyStore): IdempotencyStore {
  const tokens = new Map<string, string>();
  return {
    ...store,
    async claim(key, options) {
      const result = await store.claim(key, options);
      const token = tokens.get(key);
      if (result.status === 'running' && token !== undefined) return { status: 'claimed', token };
      if (result.status === 'claimed') tokens.set(key, result.token);
      return result;
    },
  };
}
