import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Settles whatever is open: a handler completes what is done already. */
export function settlesWhatRuns(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const running = [...rows.values()].filter(({ state }) => state === 'running');
      for (const row of running) row.state = 'due';
      const settled = await store.settleUnhandled(options);
      for (const row of running) if (row.state === 'due') row.state = 'running';
      return settled;
    },
  };
}
