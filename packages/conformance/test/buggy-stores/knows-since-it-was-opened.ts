import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Takes its own start for the beginning of its memory: after every deploy nothing older is recorded. */
export function knowsSinceItWasOpened(store: DurableStore, data: ModelData): DurableStore {
  const opened = data.now();
  return { ...store, knownSince: async () => Math.max(opened, await store.knownSince()) };
}
