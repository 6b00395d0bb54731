import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Every webhook replaces the one before: a re-sent one changes what was handled. */
export function keepsTheLastWebhook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      if (row !== undefined && delivery.source === 'webhook') row.webhook = undefined;
      return store.record(delivery);
    },
  };
}
