import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Takes what is due by the clock: after a step back work waits for an hour. */
export function trustsItsClock(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      for (const row of rows.values()) if (row.state === 'due') row.waits = true;
      return store.takeDue(options);
    },
  };
}
