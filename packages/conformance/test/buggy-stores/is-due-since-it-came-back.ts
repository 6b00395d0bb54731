import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts from the last attempt: what handlers put off is put off for ever. */
export function isDueSinceItCameBack(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const outcome = await store.retry(claim, options);
      const row = data.rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') row.dueSince = data.now();
      return outcome;
    },
  };
}
