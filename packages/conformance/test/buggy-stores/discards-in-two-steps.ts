import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Drops the dead letter and notes its key in a second step: a duplicate in between is recorded as fresh. */
export function discardsInTwoSteps(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async discard(key) {
      const discarded = await store.discard(key);
      const at = tombstones.get(key);
      if (!discarded || at === undefined) return discarded;
      tombstones.delete(key);
      await new Promise(setImmediate);
      tombstones.set(key, at);
      return true;
    },
  };
}
