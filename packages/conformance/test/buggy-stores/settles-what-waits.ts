import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Settles retries that wait for their time: a weekend that one service waits out is over for another. */
export function settlesWhatWaits(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const waiting = [...rows.values()].filter(({ state, waits }) => state === 'due' && waits);
      for (const row of waiting) row.waits = false;
      const settled = await store.settleUnhandled(options);
      for (const row of waiting) row.waits = row.state === 'due';
      return settled;
    },
  };
}
