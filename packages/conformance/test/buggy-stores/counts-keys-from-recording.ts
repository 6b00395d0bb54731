import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Counts the age of a key from when its delivery came, however long that took to be done. */
export function countsKeysFromRecording(
  store: DurableStore,
  { rows, tombstones }: ModelData,
): DurableStore {
  return {
    ...store,
    async prune(options) {
      const times = new Map([...rows].map(([key, { recordedAt }]) => [key, recordedAt]));
      const pruned = await store.prune(options);
      for (const key of tombstones.keys())
        tombstones.set(key, times.get(key) ?? tombstones.get(key) ?? 0);
      return pruned;
    },
  };
}
