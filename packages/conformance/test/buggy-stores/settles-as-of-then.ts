import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Leaves the time at which it came due: the next pruning drops what was settled a moment ago. */
export function settlesAsOfThen(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const times = new Map([...rows].map(([key, { at }]) => [key, at]));
      const settled = await store.settleUnhandled(options);
      for (const [key, row] of rows) if (row.unhandled) row.at = times.get(key) ?? row.at;
      return settled;
    },
  };
}
