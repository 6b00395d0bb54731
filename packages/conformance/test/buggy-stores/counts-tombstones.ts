import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts keys without bodies as deliveries: the figures grow for ever. */
export function countsTombstones(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      return { ...stats, done: stats.done + tombstones.size };
    },
  };
}
