import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Says that a key without a body was replayed: an operator waits for what never comes. */
export function replaysTombstones(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return { ...store, replay: async (key) => (await store.replay(key)) || tombstones.has(key) };
}
