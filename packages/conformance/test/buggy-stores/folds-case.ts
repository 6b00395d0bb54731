import type { DurableStore } from '@qbitflow/core';

/** A case-insensitive collation: two ids that differ in case are one. */
export function foldsCase(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery) => store.record({ ...delivery, key: delivery.key.toLowerCase() }),
    get: async (key) => store.get(key.toLowerCase()),
    replay: async (key) => store.replay(key.toLowerCase()),
    discard: async (key) => store.discard(key.toLowerCase()),
  };
}
