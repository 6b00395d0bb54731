import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Keeps the webhook for operators alone: handlers go on with what the page saw. */
export function handsOutTheLook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return taken.map((one) => {
        const look = rows.get(one.key)?.delivery;
        return look === undefined ? one : { ...one, id: look.id, raw: look.raw };
      });
    },
  };
}
