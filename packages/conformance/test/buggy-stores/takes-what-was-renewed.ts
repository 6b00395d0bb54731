import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Keeps a list of lapsed leases and does not look whether they were renewed: two workers have one delivery. */
export function takesWhatWasRenewed(store: DurableStore, data: ModelData): DurableStore {
  const lapsed = new Set<string>();
  return {
    ...store,
    async takeDue(options) {
      for (const [key, row] of data.rows)
        if (row.state === 'running' && row.at <= data.now()) lapsed.add(key);
        else if (row.state === 'running' && lapsed.has(key)) row.at = 0;
      const taken = await store.takeDue(options);
      for (const { key } of taken) lapsed.delete(key);
      return taken;
    },
  };
}
