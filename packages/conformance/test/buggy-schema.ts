import type { DurableStore } from '@qbitflow/core';

/** Prepares the data to have something to look at. */
export function makesWhatItLooksAt(store: DurableStore): DurableStore {
  return {
    ...store,
    async schema() {
      await store.init?.();
      return { current: 1, found: 1, ...(await store.schema?.()) };
    },
  };
}

/** Tells what was there when it looked first, whatever `init` has made since. */
export function remembersTheFirstLook(store: DurableStore): DurableStore {
  let first: ReturnType<NonNullable<DurableStore['schema']>> | undefined;
  return {
    ...store,
    schema: async () => (first ??= store.schema?.() ?? Promise.reject(new Error('no schema'))),
  };
}

/** Takes each delivery for a change of the schema. */
export function countsDeliveriesAsVersions(store: DurableStore): DurableStore {
  let deliveries = 0;
  return {
    ...store,
    async record(delivery, options) {
      deliveries += 1;
      return store.record(delivery, options);
    },
    async schema() {
      const { current = 1, found } = (await store.schema?.()) ?? {};
      return { current, found: found === undefined ? found : found + deliveries };
    },
  };
}

/** Counts versions from nought. */
export function countsVersionsFromNought(store: DurableStore): DurableStore {
  return { ...store, schema: async () => ({ current: 0, found: 0 }) };
}
