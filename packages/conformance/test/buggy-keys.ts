import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Drops the body and notes the key in a second step: a duplicate in between is recorded as fresh. */
export function prunesInTwoSteps(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const before = new Map(data.tombstones);
      const pruned = await store.prune(options);
      const added = [...data.tombstones].filter(([key]) => !before.has(key));
      for (const [key] of added) data.tombstones.delete(key);
      await new Promise(setImmediate);
      for (const [key, at] of added) data.tombstones.set(key, at);
      return pruned;
    },
  };
}
