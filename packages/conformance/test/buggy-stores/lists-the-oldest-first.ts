import type { DurableStore } from '@qbitflow/core';

/** Lists in the order of recording: the news of today is on the last page. */
export function listsTheOldestFirst(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      return { ...page, items: page.items.toReversed() };
    },
  };
}
