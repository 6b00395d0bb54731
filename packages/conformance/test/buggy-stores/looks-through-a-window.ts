import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Looks at the oldest fifty only: behind a pile of one subject nothing is found. */
export function looksThroughAWindow(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const due = [...rows.values()].filter(({ state }) => state === 'due');
      const hidden = due.toSorted((a, b) => a.at - b.at).slice(50);
      for (const row of hidden) row.state = 'dead';
      const taken = store.takeDue(options);
      for (const row of hidden) row.state = 'due';
      return taken;
    },
  };
}
