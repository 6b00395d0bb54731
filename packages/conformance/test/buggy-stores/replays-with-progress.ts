import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Remembers the handlers of what is done: replayed, it is done again without any of them. */
export function replaysWithProgress(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const before = row?.succeeded;
      const replayed = await store.replay(key);
      if (row !== undefined && before !== undefined) row.succeeded = before;
      return replayed;
    },
  };
}
