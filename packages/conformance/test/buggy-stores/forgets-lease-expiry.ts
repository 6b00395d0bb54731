import type { DurableStore } from '@qbitflow/core';

const DAY_MS = 86_400_000;

/** Leases never lapse: what a crashed process held is lost. */
export function forgetsLeaseExpiry(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async ({ limit }) => store.takeDue({ limit, leaseMs: DAY_MS }),
    extend: async (claim, options) => store.extend(claim, { ...options, leaseMs: DAY_MS }),
  };
}
