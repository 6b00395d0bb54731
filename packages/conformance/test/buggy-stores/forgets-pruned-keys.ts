import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Drops the key with the body: the next look at a bookmarked page fulfils the order again. */
export function forgetsPrunedKeys(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const pruned = await store.prune(options);
      tombstones.clear();
      return pruned;
    },
  };
}
