import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts the age of a key from when its body was dropped. */
export function countsKeysFromPruning(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const before = new Set(data.tombstones.keys());
      const pruned = await store.prune(options);
      for (const key of data.tombstones.keys())
        if (!before.has(key)) data.tombstones.set(key, data.now());
      return pruned;
    },
  };
}
