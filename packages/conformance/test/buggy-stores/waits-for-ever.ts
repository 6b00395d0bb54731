import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Adds whatever it is given to the time: a delivery put off by NaN is in no order any more. */
export function waitsForEver(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const outcome = await store.retry(claim, { ...options, delayMs: 0 });
      const row = data.rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') {
        row.at = data.now() + options.delayMs;
        row.waits = true;
      }
      return outcome;
    },
  };
}
