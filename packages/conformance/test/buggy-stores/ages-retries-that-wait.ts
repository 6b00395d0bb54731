import type { DurableStore } from '@qbitflow/core';

/** Counts the age from the recording: a retry that waits for its time raises the alarm. */
export function agesRetriesThatWait(store: DurableStore): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      const { items } = await store.list({ state: 'due' });
      const now = Date.now();
      const oldest = Math.min(now, ...items.map(({ recordedAt }) => recordedAt));
      return { ...stats, oldestDueAgeMs: now - oldest };
    },
  };
}
