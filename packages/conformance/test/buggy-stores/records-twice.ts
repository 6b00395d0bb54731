import type { DurableStore } from '@qbitflow/core';

/** Looks whether the key is known, then writes: the second of two at once is told it was the first. */
export function recordsTwice(store: DurableStore): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const known = await store.get(delivery.key);
      if (known !== undefined) return { status: 'duplicate', state: known.state };
      await store.record(delivery);
      return { status: 'recorded' };
    },
  };
}
