import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts as lapsed what still runs: handed back at a shutdown, a suspect is one like others. */
export function forgetsWhoLapsed(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      if (options.lapsedLimit !== 0) return store.takeDue(options);
      const suspects = [...rows.values()].filter(
        ({ state, started, finished }) => state === 'due' && started > finished,
      );
      if (suspects.length === 0) return store.takeDue(options);
      return store.takeDue({ ...options, lapsedLimit: suspects.length });
    },
  };
}
