import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Says that it knows all since it was made, whatever it has forgotten since. */
export function knowsEverything(store: DurableStore, data: ModelData): DurableStore {
  const born = data.knownSince;
  return { ...store, knownSince: async () => born };
}
