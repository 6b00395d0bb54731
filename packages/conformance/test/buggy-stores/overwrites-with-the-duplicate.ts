import type { DurableStore, NewDelivery } from '@qbitflow/core';

/** An upsert: the second POST replaces what the first one brought. */
export function overwritesWithTheDuplicate(store: DurableStore): DurableStore {
  const latest = new Map<string, NewDelivery>();
  return {
    ...store,
    async record(delivery) {
      latest.set(delivery.key, delivery);
      return store.record(delivery);
    },
    async get(key) {
      const stored = await store.get(key);
      return stored && { ...stored, raw: latest.get(key)?.raw ?? stored.raw };
    },
  };
}
