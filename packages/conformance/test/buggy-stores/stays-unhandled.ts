import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Keeps the mark over a replay: what was handled at last is listed as never seen. */
export function staysUnhandled(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const before = row?.unhandled === true;
      const replayed = await store.replay(key);
      if (row !== undefined) row.unhandled = before;
      return replayed;
    },
  };
}
