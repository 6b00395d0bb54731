import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Puts what is excluded at the end of the line: a busy subject's oldest news is always the last. */
export function movesToTheEndWhatItPassesOver(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const row of data.rows.values())
        if (row.state === 'due' && options.exceptSubjects?.includes(row.delivery.subject) === true)
          row.at = data.now();
      return taken;
    },
  };
}
