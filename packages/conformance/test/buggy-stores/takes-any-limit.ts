import type { DurableStore } from '@qbitflow/core';

/** Makes of a wrong limit what fits: `limit: 0`, a division gone wrong, is an empty page that looks like the end. */
export function takesAnyLimit(store: DurableStore): DurableStore {
  return {
    ...store,
    async list({ limit = 50, ...filter }) {
      const most = Math.floor(Math.min(Math.max(limit, 0), 1_000)) || 0;
      const page = await store.list({ ...filter, limit: Math.max(most, 1) });
      return most === 0 ? { items: [] } : page;
    },
  };
}
