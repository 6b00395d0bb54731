import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Takes one start back for every delivery handed back, counted or not. */
export function takesBackOneStart(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const row = rows.get(claim.key);
      if (row !== undefined) row.startedBefore = Math.max(0, row.started - 1);
      return store.retry(claim, options);
    },
  };
}
