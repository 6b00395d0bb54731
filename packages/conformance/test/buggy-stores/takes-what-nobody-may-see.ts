import type { DurableStore } from '@qbitflow/core';

/** Overlooks `unhandled`: test money reaches the handlers of a live shop. */
export function takesWhatNobodyMaySee(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async ({ unhandled: _unhandled, ...delivery }) => store.record(delivery),
  };
}
