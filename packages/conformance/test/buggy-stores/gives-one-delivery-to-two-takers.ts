import type { DurableStore, TakenDelivery } from '@qbitflow/core';

/** Reads what is due and marks it in a second step: who asks in between gets the same. */
export function givesOneDeliveryToTwoTakers(store: DurableStore): DurableStore {
  let reading: Promise<readonly TakenDelivery[]> | undefined;
  return {
    ...store,
    async takeDue(options) {
      reading ??= store.takeDue(options);
      try {
        return await reading;
      } finally {
        reading = undefined;
      }
    },
  };
}
