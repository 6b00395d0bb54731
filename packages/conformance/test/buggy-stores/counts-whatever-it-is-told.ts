import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Writes a noted start down unseen: with NaN starts no attempt is ever the last. */
export function countsWhateverItIsTold(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async extend(claim, { start, ...renewal }) {
      const outcome = await store.extend(claim, renewal);
      const row = rows.get(claim.key);
      if (outcome === 'ok' && row !== undefined) row.started = start ?? row.started;
      return outcome;
    },
  };
}
