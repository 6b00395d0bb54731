import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Takes the time of forgetting for the time of what was forgotten: looks are turned away for nothing. */
export function knowsSinceItLastForgot(store: DurableStore, data: ModelData): DurableStore {
  let since = 0;
  return {
    ...store,
    async prune(options) {
      const before = data.tombstones.size;
      const pruned = await store.prune(options);
      if (data.tombstones.size < before) since = data.now();
      return pruned;
    },
    knownSince: async () => Math.max(since, await store.knownSince()),
  };
}
