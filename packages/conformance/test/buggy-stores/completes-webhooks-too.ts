import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Keeps every later body beside the first, whoever brought either. */
export function completesWebhooksToo(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      const { id, version, raw, headers, receivedAt } = delivery;
      if (row !== undefined) row.webhook ??= { id, version, raw, headers, receivedAt };
      return store.record(delivery);
    },
  };
}
