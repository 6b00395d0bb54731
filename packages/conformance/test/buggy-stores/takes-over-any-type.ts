import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Asks for the type where something is due and forgets to where a lease has lapsed. */
export function takesOverAnyType(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      const lapsed = [...data.rows.values()].find(
        ({ state, at }) => state === 'running' && at <= data.now(),
      );
      if (lapsed === undefined || taken.length > 0) return taken;
      return store.takeDue({ ...options, types: { only: [lapsed.delivery.type] } });
    },
  };
}
