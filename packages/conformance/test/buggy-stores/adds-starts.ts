import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Takes a noted start for one more: asked again after a lost answer it counts twice. */
export function addsStarts(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async extend(claim, options) {
      const started = rows.get(claim.key)?.started ?? 0;
      const start = options.start === undefined ? undefined : started + 1;
      return store.extend(claim, { ...options, start });
    },
  };
}
