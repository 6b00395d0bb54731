import type { DurableStore, RecordOutcome } from '@qbitflow/core';

/** Group commit gone wrong: everybody in a group hears the answer of its first. */
export function answersABurstAsOne(store: DurableStore): DurableStore {
  let group: Promise<RecordOutcome> | undefined;
  return {
    ...store,
    async record(delivery) {
      const outcome = store.record(delivery);
      group ??= outcome.finally(() => {
        group = undefined;
      });
      return group;
    },
  };
}
