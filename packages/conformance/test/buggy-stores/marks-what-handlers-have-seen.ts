import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Marks whatever is done as unhandled: an operator cannot tell what nobody saw. */
export function marksWhatHandlersHaveSeen(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async complete(claim, progress) {
      const outcome = await store.complete(claim, progress);
      const row = rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') row.unhandled = true;
      return outcome;
    },
  };
}
