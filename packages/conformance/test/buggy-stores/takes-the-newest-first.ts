import type { DurableStore } from '@qbitflow/core';

/** Last in, first out: under load the oldest delivery waits for ever. */
export function takesTheNewestFirst(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue({ limit, leaseMs }) {
      const all = await store.takeDue({ limit: 10_000, leaseMs });
      const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
      const rest = all.slice(0, Math.max(0, all.length - limit));
      await Promise.all(rest.map(async (one) => store.retry(one, back)));
      return all.slice(rest.length).toReversed();
    },
  };
}
