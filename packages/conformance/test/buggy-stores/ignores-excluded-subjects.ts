import type { DurableStore } from '@qbitflow/core';

/** Overlooks what the taker is at work on: its hand fills with what it may not start. */
export function ignoresExcludedSubjects(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, exceptSubjects: undefined }),
  };
}
