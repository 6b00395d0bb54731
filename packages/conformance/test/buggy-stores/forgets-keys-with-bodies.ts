import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Forgets by age whatever is done: a body that should be kept goes with its key. */
export function forgetsKeysWithBodies(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const pruned = await store.prune(options);
      const { keepKeysMs = Infinity } = options;
      for (const [key, { state, at }] of data.rows)
        if (state === 'done' && data.now() - at > keepKeysMs) data.rows.delete(key);
      return pruned;
    },
  };
}
