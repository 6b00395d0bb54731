import type { Clock } from '../clock.js';
import { onDemand } from '../on-demand.js';
import type { DurableStore } from './durable-store.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { memoryStore } from './memory-store.js';

/**
 * A memory store that shares its keys through a merchant's {@link IdempotencyStore}: what shares them is loaded when the
 * store is opened, since most kits keep their deliveries otherwise.
 */
export function sharedStore(claims: IdempotencyStore, clock: Clock): DurableStore {
  const memory = memoryStore({ clock });
  let shared: DurableStore | undefined;
  const load = onDemand(async () => {
    const { sharedMemoryStore } = await import('./idempotency-store.js');
    return (shared ??= sharedMemoryStore(claims, { clock, memory }));
  });

  /** In the same step once it is open: deliveries do not wait for what is there. */
  function ask<Answer>(call: (store: DurableStore) => Promise<Answer>): Promise<Answer> {
    return shared === undefined ? load().then(call) : call(shared);
  }

  return {
    ...memory,
    name: 'idempotency',
    async init(start) {
      await load();
      await memory.init?.(start);
    },
    record: (delivery, options) => ask((store) => store.record(delivery, options)),
    takeDue: (options) => ask((store) => store.takeDue(options)),
    complete: (taken, progress) => ask((store) => store.complete(taken, progress)),
    replay: (key) => ask((store) => store.replay(key)),
    discard: (key) => ask((store) => store.discard(key)),
    close: async () => shared?.close(),
  };
}
