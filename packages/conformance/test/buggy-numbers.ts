import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Adds whatever it is given to the time: a lease of NaN never lapses. */
export function leasesForEver(store: DurableStore, data: ModelData): DurableStore {
  const lend = (key: string, leaseMs: number): void => {
    const row = data.rows.get(key);
    if (row !== undefined) row.at = data.now() + leaseMs;
  };
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue({ ...options, leaseMs: 0 });
      for (const { key } of taken) lend(key, options.leaseMs);
      return taken;
    },
    async extend(claim, options) {
      const outcome = await store.extend(claim, { ...options, leaseMs: 0 });
      if (outcome === 'ok') lend(claim.key, options.leaseMs);
      return outcome;
    },
  };
}
