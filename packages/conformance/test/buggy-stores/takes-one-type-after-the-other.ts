import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import { isOfType, type ModelData } from '../support/model/data.js';

/** Empties one queue after the other: news of the last type waits for all others. */
export function takesOneTypeAfterTheOther(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const { types = { except: [] }, limit } = options;
      const names = new Set([...data.rows.values()].map(({ delivery }) => delivery.type));
      const wanted = [...names].filter((name) => isOfType(types, name)).toSorted();
      const taken: TakenDelivery[] = [];
      for (const type of wanted) {
        const exceptSubjects = [
          ...(options.exceptSubjects ?? []),
          ...taken.map(({ subject }) => subject),
        ];
        const left = { ...options, types: { only: [type] }, limit: limit - taken.length };
        taken.push(...(await store.takeDue({ ...left, exceptSubjects })));
      }
      return taken;
    },
  };
}
