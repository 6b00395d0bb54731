import type { DurableStore } from '@qbitflow/core';

/** Takes lapsed leases until the batch is full and keeps as many as it may: fresh work never comes. */
export function fillsTheBatchWithLapsedOnes(store: DurableStore): DurableStore {
  const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
  return {
    ...store,
    async takeDue(options) {
      const { lapsedLimit = options.limit } = options;
      const batch = await store.takeDue({ ...options, lapsedLimit: undefined });
      const extra = batch.filter(({ lapsed }) => lapsed).slice(Math.max(0, lapsedLimit));
      await Promise.all(extra.map(async (one) => store.retry(one, back)));
      return batch.filter((one) => !extra.includes(one));
    },
  };
}
