import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Refuses what is done: an operator cannot make good what a broken handler let pass. */
export function replaysTheDeadOnly(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    replay: async (key) => rows.get(key)?.state === 'dead' && store.replay(key),
  };
}
