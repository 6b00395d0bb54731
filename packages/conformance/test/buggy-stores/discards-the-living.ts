import type { DurableStore } from '@qbitflow/core';

/** Discards whatever has the key: work that was accepted with a 200 is gone. */
export function discardsTheLiving(store: DurableStore): DurableStore {
  const gone = new Set<string>();
  return {
    ...store,
    async discard(key) {
      if ((await store.get(key)) === undefined || gone.has(key)) return false;
      if (!(await store.discard(key))) gone.add(key);
      return true;
    },
    get: async (key) => (gone.has(key) ? undefined : store.get(key)),
  };
}
