import type { DurableStore } from '@qbitflow/core';

/** Prunes dead letters with what is done: what nobody fulfilled is forgotten. */
export function prunesTheDead(store: DurableStore): DurableStore {
  return {
    ...store,
    async prune(options) {
      const { items } = await store.list({ state: 'dead', limit: options.limit });
      await Promise.all(items.map(async ({ key }) => store.discard(key)));
      return store.prune(options);
    },
  };
}
