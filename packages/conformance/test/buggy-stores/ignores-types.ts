import type { DurableStore } from '@qbitflow/core';

/** Takes whatever is due: a process without the handler has the event. */
export function ignoresTypes(store: DurableStore): DurableStore {
  return { ...store, takeDue: async (options) => store.takeDue({ ...options, types: undefined }) };
}
