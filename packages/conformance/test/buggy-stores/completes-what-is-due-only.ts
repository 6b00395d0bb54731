import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Completes a record only while it waits: a webhook during the first attempt is lost. */
export function completesWhatIsDueOnly(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      const before = row?.webhook;
      const outcome = await store.record(delivery);
      if (row !== undefined && row.state !== 'due') row.webhook = before;
      return outcome;
    },
  };
}
