import type { IdempotencyStore } from '@qbitflow/core';
import type { FakeClock } from '@qbitflow/core/testing';

interface Entry {
  readonly token: string;
  readonly until: number;
}

/** A cache that several kits share: keys with their claims, and what was asked of it. */
export interface SharedMap extends IdempotencyStore {
  readonly entries: Map<string, Entry>;
  readonly calls: string[];
}

/** An `IdempotencyStore` on a plain Map, on the time of `clock`. A done key has no end. */
export function sharedMap(clock: FakeClock): SharedMap {
  const entries = new Map<string, Entry>();
  const calls: string[] = [];
  let tokens = 0;

  const holds = (key: string, token: string): boolean =>
    token !== 'done' && entries.get(key)?.token === token;

  return {
    entries,
    calls,
    async claim(key, { leaseMs }) {
      calls.push('claim');
      const known = entries.get(key);
      if (known?.token === 'done') return { status: 'done' };
      if (known !== undefined && known.until > clock.now()) return { status: 'running' };
      tokens += 1;
      const token = `token ${tokens}`;
      entries.set(key, { token, until: clock.now() + leaseMs });
      return { status: 'claimed', token };
    },
    async complete(key, token) {
      calls.push('complete');
      if (!holds(key, token)) return false;
      entries.set(key, { token: 'done', until: Infinity });
      return true;
    },
    async release(key, token) {
      calls.push('release');
      return holds(key, token) && entries.delete(key);
    },
  };
}
