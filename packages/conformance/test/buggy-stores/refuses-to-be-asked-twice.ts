import type { IdempotencyStore } from '@qbitflow/core';

/** Takes a repeated call for a mistake: a connection that was reset makes what is done an error. */
export function refusesToBeAskedTwice(store: IdempotencyStore): IdempotencyStore {
  const ended = new Set<string>();
  const once = (key: string, token: string): void => {
    const claim = JSON.stringify([key, token]);
    if (ended.has(claim)) throw new Error('this claim has ended');
    ended.add(claim);
  };
  return {
    ...store,
    async complete(key, token) {
      once(key, token);
      return store.complete(key, token);
    },
    async release(key, token) {
      once(key, token);
      return store.release(key, token);
    },
  };
}
