// The small contract, an IdempotencyStore, on any cache with four atomic operations: several instances then run one
// event once. `redis-cache.mjs` has them for Redis; Memcached, DynamoDB or a table with a unique key can have them too.
import { randomUUID } from 'node:crypto';

// A key that has expired may run again: tell the kit how long they last, `createQBitFlow({ handlers: { keepKeysMs } })`
// with the same number, and no success page opened later counts as news.
const WEEK_MS = 7 * 86_400_000;
const DONE = 'done';

export function cacheClaims(cache, { prefix = 'shop:event:', keepDoneMs = WEEK_MS } = {}) {
  return {
    async claim(key, { leaseMs }) {
      const token = randomUUID();
      // The lease is the entry's own end: a crashed instance's claim is gone when it has lapsed.
      const there = await cache.setIfAbsent(prefix + key, token, leaseMs);
      if (there === undefined) return { status: 'claimed', token };
      return { status: there === DONE ? 'done' : 'running' };
    },
    // Only the claim's own token is replaced or removed: whoever lost the key must not touch the next one's.
    complete: async (key, token) =>
      token !== DONE && cache.replaceIf(prefix + key, token, DONE, keepDoneMs),
    release: async (key, token) => token !== DONE && cache.removeIf(prefix + key, token),
  };
}
