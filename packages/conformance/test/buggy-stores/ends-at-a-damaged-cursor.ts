import { isQBitFlowError, type DurableStore } from '@qbitflow/core';

/** Shows an empty last page for a cursor that it cannot read: a loop over all pages ends early, and nobody is told. */
export function endsAtADamagedCursor(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      try {
        return await store.list(filter);
      } catch (error) {
        if (isQBitFlowError(error) && 'cursor' in error.facts) return { items: [] };
        throw error;
      }
    },
  };
}
