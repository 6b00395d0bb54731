import type { DurableStore } from '@qbitflow/core';

/** Says that a dead letter was replayed, and does not make it due. */
export function replaysInNameOnly(store: DurableStore): DurableStore {
  return {
    ...store,
    replay: async (key) => (await store.get(key))?.state === 'dead',
  };
}
