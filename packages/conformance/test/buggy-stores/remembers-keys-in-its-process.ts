import type { DurableStore } from '@qbitflow/core';

/** Keeps what is left of pruned deliveries in the process: the others, and the next one, take them for fresh. */
export function remembersKeysInItsProcess(store: DurableStore): DurableStore {
  const keys = new Set<string>();
  return {
    ...store,
    async prune(options) {
      const { items } = await store.list({ state: 'done', limit: 1_000 });
      const pruned = await store.prune({ ...options, keepKeysMs: Infinity });
      for (const { key } of items) if ((await store.get(key)) === undefined) keys.add(key);
      await store.prune({ ...options, keepKeysMs: 0 });
      return pruned;
    },
    record: async (delivery) =>
      keys.has(delivery.key) ? { status: 'duplicate', state: 'done' } : store.record(delivery),
  };
}
