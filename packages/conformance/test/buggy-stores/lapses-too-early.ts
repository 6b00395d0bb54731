import type { DurableStore } from '@qbitflow/core';

/** Leases are cut short: two workers have the same delivery. */
export function lapsesTooEarly(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async ({ limit, leaseMs }) => store.takeDue({ limit, leaseMs: Math.min(leaseMs, 15) }),
  };
}
