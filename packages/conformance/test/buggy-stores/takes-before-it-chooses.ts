import type { DurableStore } from '@qbitflow/core';
import { isOfType } from '../support/model/data.js';

/** Reads the oldest few and then looks for the wanted types: behind a pile of others nothing is found. */
export function takesBeforeItChooses(store: DurableStore): DurableStore {
  const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
  return {
    ...store,
    async takeDue({ types = { except: [] }, ...options }) {
      const oldest = await store.takeDue({ ...options, limit: Math.min(100, options.limit * 10) });
      const wanted = oldest.filter(({ type }) => isOfType(types, type)).slice(0, options.limit);
      const others = oldest.filter((one) => !wanted.includes(one));
      await Promise.all(others.map(async (one) => store.retry(one, back)));
      return wanted;
    },
  };
}
