import type { IdempotencyStore } from '@qbitflow/core';

interface Entry {
  readonly token: string;
  readonly done: boolean;
  readonly leaseEnds: number;
}

/** A correct idempotency store, as small as one can be. */
export function mapStore(): IdempotencyStore {
  const entries = new Map<string, Entry>();
  let tokens = 0;
  const held = (key: string, token: string): boolean => {
    const entry = entries.get(key);
    return entry !== undefined && !entry.done && entry.token === token;
  };
  return {
    async claim(key, { leaseMs }) {
      const entry = entries.get(key);
      if (entry?.done === true) return { status: 'done' };
      if (entry !== undefined && entry.leaseEnds > Date.now()) return { status: 'running' };
      tokens += 1;
      const token = String(tokens);
      entries.set(key, { token, done: false, leaseEnds: Date.now() + leaseMs });
      return { status: 'claimed', token };
    },
    async complete(key, token) {
      if (!held(key, token)) return false;
      entries.set(key, { token, done: true, leaseEnds: 0 });
      return true;
    },
    async release(key, token) {
      return held(key, token) && entries.delete(key);
    },
  };
}
