import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Leaves the first body out of a list and forgets the one beside it. */
export function listsLaterBodies(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      const items = page.items.map((item) => {
        const webhook = rows.get(item.key)?.webhook;
        return webhook === undefined ? item : { ...item, webhook };
      });
      return { ...page, items };
    },
  };
}
