import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Notes its birth when somebody first asks for it: what was recorded before counts as unknown. */
export function isBornWhenAsked(store: DurableStore, data: ModelData): DurableStore {
  let born: number | undefined;
  return {
    ...store,
    async knownSince() {
      born ??= data.now();
      return Math.max(born, await store.knownSince());
    },
  };
}
