import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Picks the oldest of every subject and then asks whether that may be taken. */
export function choosesTheSubjectFirst(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const oldest = new Map<string, string>();
      const open = [...rows.values()].filter(({ state }) => state === 'due' || state === 'running');
      for (const { delivery } of open)
        if (!oldest.has(delivery.subject)) oldest.set(delivery.subject, delivery.key);
      const hidden = open.filter(({ delivery }) => oldest.get(delivery.subject) !== delivery.key);
      for (const { delivery } of hidden) rows.delete(delivery.key);
      try {
        return await store.takeDue(options);
      } finally {
        for (const row of hidden) rows.set(row.delivery.key, row);
      }
    },
  };
}
