import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Forgets what an operator threw away: a sender that still retries brings it back. */
export function forgetsDiscardedKeys(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async discard(key) {
      const discarded = await store.discard(key);
      if (discarded) tombstones.delete(key);
      return discarded;
    },
  };
}
