import type { DurableStore } from '@qbitflow/core';
import { isOfType, type ModelData } from '../support/model/data.js';

/** Reads what is due and settles it in a second step: who took it in between has it taken away. */
export function settlesInTwoSteps(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled({ types, dueForMs, limit }) {
      const found = [...data.rows.values()].filter(
        ({ state, dueSince, waits, delivery }) =>
          state === 'due' &&
          !waits &&
          data.now() - dueSince >= dueForMs &&
          isOfType(types, delivery.type),
      );
      await new Promise(setImmediate);
      const settled = found.slice(0, Math.max(0, limit));
      for (const row of settled)
        Object.assign(row, { state: 'done', unhandled: true, at: data.now() });
      return settled.length;
    },
  };
}
