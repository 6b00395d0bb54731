import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts from the recording, over a replay: what an operator gave another chance is given up at once. */
export function isDueSinceItCame(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const since = row?.dueSince;
      const replayed = await store.replay(key);
      if (row !== undefined && since !== undefined) row.dueSince = since;
      return replayed;
    },
  };
}
