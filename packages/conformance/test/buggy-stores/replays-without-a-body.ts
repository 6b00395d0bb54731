import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Drops bodies when a delivery is done and replays it all the same: handlers get nothing to read. */
export function replaysWithoutABody(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      if (row?.state === 'done')
        rows.set(key, { ...row, delivery: { ...row.delivery, raw: new Uint8Array(0) } });
      return store.replay(key);
    },
  };
}
