import type { DurableStore, TakenDelivery } from '@qbitflow/core';

/** Looks at no subjects: a batch is full of bills of one subscription. */
export function givesABatchOfOneSubject(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken: TakenDelivery[] = [];
      while (taken.length < options.limit) {
        const next = await store.takeDue({ ...options, limit: 1 });
        if (next.length === 0) break;
        taken.push(...next);
      }
      return taken;
    },
  };
}
