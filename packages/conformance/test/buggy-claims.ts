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

/** SET NX without an expiry: what a crashed process had claimed is never done. */
export function claimsForEver(store: IdempotencyStore): IdempotencyStore {
  return { ...store, claim: async (key) => store.claim(key, { leaseMs: 86_400_000 }) };
}

/** Asks whether the key is known and sets it in a second step: several at once are told that it is theirs. */
export function claimsTwice(store: IdempotencyStore): IdempotencyStore {
  let asking: ReturnType<IdempotencyStore['claim']> | undefined;
  return {
    ...store,
    async claim(key, options) {
      asking ??= store.claim(key, options).finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

/** The key expires with its lease although it is done: the next duplicate is fulfilled again. */
export function forgetsDoneKeys(store: IdempotencyStore): IdempotencyStore {
  return { ...store, complete: async (key, token) => store.release(key, token) };
}

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
