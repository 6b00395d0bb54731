import type { DurableStore } from '@qbitflow/core';

/** Keeps the body as UTF-8 text: bytes that are none are replaced, and signatures no longer match. */
export function keepsBodiesAsText(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery) =>
      store.record({ ...delivery, raw: Buffer.from(Buffer.from(delivery.raw).toString('utf8')) }),
  };
}
