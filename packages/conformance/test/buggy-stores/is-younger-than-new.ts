import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Subtracts times without a look at the result: after a step back work has waited for less than nothing. */
export function isYoungerThanNew(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      const due = [...data.rows.values()].filter(({ state, waits }) => state === 'due' && !waits);
      const since = Math.min(...due.map(({ at }) => at));
      const oldestDueAgeMs = due.length === 0 ? stats.oldestDueAgeMs : data.now() - since;
      return { ...stats, oldestDueAgeMs };
    },
  };
}
