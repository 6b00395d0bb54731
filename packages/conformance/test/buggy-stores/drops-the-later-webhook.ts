import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** A duplicate is a duplicate: what only the webhook says is missing for good. */
export function dropsTheLaterWebhook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const outcome = await store.record(delivery);
      const row = rows.get(delivery.key);
      if (row !== undefined) row.webhook = undefined;
      return outcome;
    },
  };
}
