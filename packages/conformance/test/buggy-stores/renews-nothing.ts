import type { DurableStore } from '@qbitflow/core';

/** Says that the lease was renewed, and leaves it as it was. */
export function renewsNothing(store: DurableStore): DurableStore {
  const ends = new Map<string, number>();
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const { token } of taken) ends.set(token, performance.now() + options.leaseMs);
      return taken;
    },
    async extend(claim, options) {
      const left = (ends.get(claim.token) ?? 0) - performance.now();
      return store.extend(claim, { ...options, leaseMs: Math.max(0, left) });
    },
  };
}
