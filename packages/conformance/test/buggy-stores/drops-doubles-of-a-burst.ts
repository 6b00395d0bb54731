import type { DurableStore, RecordOutcome } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** Throws out doubles before it writes a group: the webhook that came with the look is never looked at. */
export function dropsDoublesOfABurst(store: DurableStore, { rows }: ModelData): DurableStore {
  const writing = new Map<string, Promise<RecordOutcome>>();
  return {
    ...store,
    async record(delivery) {
      const first = writing.get(delivery.key);
      if (first !== undefined) {
        await first;
        return { status: 'duplicate', state: rows.get(delivery.key)?.state ?? 'done' };
      }
      const outcome = new Promise(setImmediate).then(async () => store.record(delivery));
      writing.set(delivery.key, outcome);
      return outcome.finally(() => writing.delete(delivery.key));
    },
  };
}
