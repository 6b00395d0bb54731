import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Looks whether the body is there and replays in a second step: it may be gone by then. */
export function replaysWhatWasPruned(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const isThere = rows.get(key)?.state === 'done' || rows.get(key)?.state === 'dead';
      await new Promise(setImmediate);
      return (await store.replay(key)) || isThere;
    },
  };
}
