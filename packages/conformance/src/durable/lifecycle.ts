import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableStoreCapabilities } from '../suite-options.js';
import type { DurableCase } from '../support/store-harness.js';
import { delivery, keyOf } from './delivery.js';
import { takeNext } from './taking.js';

/** Whether the store is what its capabilities say. */
export function lifecycleCases(
  capabilities: Partial<DurableStoreCapabilities>,
): readonly DurableCase[] {
  const { survivesRestart = true, announcesDue = true, joinsTransactions = true } = capabilities;
  const { keepsNotes = true } = capabilities;
  return [
    {
      name: 'capabilities: the store is what they say',
      async run({ store }) {
        ok(store.name.length > 0, 'the store has no name');
        equal(store.durable, survivesRestart, '`durable` is not what `survivesRestart` says');
        equal(store.onDue !== undefined, announcesDue, '`announcesDue` is wrong about onDue');
        equal(
          store.completeWithin !== undefined,
          joinsTransactions,
          '`joinsTransactions` is wrong about completeWithin',
        );
        equal(store.putNote !== undefined, keepsNotes, '`keepsNotes` is wrong about putNote');
        equal(store.notes !== undefined, keepsNotes, '`keepsNotes` is wrong about notes');
      },
    },
    {
      name: 'init: may be called again, and at once, and keeps what is there',
      async run(harness) {
        await harness.store.record(delivery(1));
        const again = Array.from({ length: 3 }, async () => harness.store.init?.());
        await Promise.all(again);
        deepEqual(await harness.store.record(delivery(1)), { status: 'duplicate', state: 'due' });
        equal((await takeNext(harness)).key, keyOf(1));
      },
    },
    {
      name: 'close: may be called twice, and at once',
      async run({ store }) {
        await store.record(delivery(1));
        await Promise.all([store.close(), store.close()]);
        equal(await store.close(), undefined);
      },
    },
  ];
}
