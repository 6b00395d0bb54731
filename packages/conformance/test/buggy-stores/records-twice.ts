import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Looks whether the key is known, then writes: the second of two at once is told it was the first. */
export function recordsTwice(store: DurableStore, { rows, tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const isKnown = rows.has(delivery.key) || tombstones.has(delivery.key);
      await Promise.resolve();
      const outcome = await store.record(delivery);
      return isKnown ? outcome : { status: 'recorded' };
    },
  };
}
