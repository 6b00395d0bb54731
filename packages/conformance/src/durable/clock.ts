import { deepEqual, equal, ok } from 'node:assert/strict';
import { hasFields } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  buryNext,
  completeNext,
  makeTombstones,
  recordInOrder,
  takeBatch,
  takeNext,
} from './taking.js';
import { KNOWN } from './tombstones.js';

const HOUR_MS = 3_600_000;

/** Makes delivery 1 due, turns the clock back by an hour, and takes it. */
function takenAfter(
  what: string,
  makeDue: (harness: DurableHarness) => Promise<unknown>,
): DurableCase {
  return {
    name: `clock stepped back an hour: ${what} is taken at once`,
    async run(harness) {
      await makeDue(harness);
      await harness.turnClock(-HOUR_MS);
      hasFields(await takeNext(harness), { key: keyOf(1) }, 'taken');
    },
  };
}

/** Asked for only where the harness has a clock to turn. */
export const clockCases: readonly DurableCase[] = [
  takenAfter('what was recorded', async ({ store }) => store.record(delivery(1))),
  takenAfter('what was replayed', async ({ store }) => {
    await store.record(delivery(1, { dead: 'unreadable' }));
    equal(await store.replay(keyOf(1)), true);
  }),
  takenAfter('what was handed back', async (harness) => {
    await harness.store.record(delivery(1));
    const handBack = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };
    await harness.store.retry(await takeNext(harness), handBack);
  }),
  takenAfter('a retry without a delay', async (harness) => {
    await harness.store.record(delivery(1));
    await harness.store.retry(await takeNext(harness), { delayMs: 0, error: 'x', succeeded: [] });
  }),
  {
    name: 'clock stepped back an hour: what came before and after it is all taken',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2);
      await harness.turnClock(-HOUR_MS);
      await recordInOrder(harness, 3, 4);
      const keys: string[] = [];
      for (let count = 0; count < 4; count += 1)
        keys.push(...keysOf(await takeBatch(store, { limit: 1 })));
      deepEqual(keys.toSorted(), [1, 2, 3, 4].map(keyOf));
    },
  },
  {
    name: 'clock stepped back an hour: who holds a delivery keeps and completes it',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness);
      await harness.turnClock(-HOUR_MS);
      equal(await store.extend(taken, { leaseMs: LONG_LEASE_MS, succeeded: ['a'] }), 'ok');
      equal(await store.complete(taken, { succeeded: ['b'] }), 'ok');
      hasFields(await store.get(keyOf(1)), { state: 'done', succeeded: ['a', 'b'] }, 'completed');
    },
  },
  {
    name: 'clock stepped back an hour: nothing is younger than new',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1);
      await harness.turnClock(-HOUR_MS);
      const { due, oldestDueAgeMs } = await store.stats();
      equal(due, 1);
      ok(oldestDueAgeMs >= 0, `it has been due for ${oldestDueAgeMs} ms`);
    },
  },
  {
    name: 'clock stepped back an hour: keys stay known, and what is done stays',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, [delivery(1)]);
      await recordInOrder(harness, 2, 3);
      await completeNext(harness);
      await buryNext(harness);
      await harness.turnClock(-HOUR_MS);
      equal(await store.prune({ doneForMs: 1, keepKeysMs: 1, limit: 10 }), 0);
      deepEqual(await store.record(delivery(1)), KNOWN);
      equal((await store.get(keyOf(2)))?.state, 'done');
      equal(await store.replay(keyOf(3)), true);
      equal((await takeNext(harness)).key, keyOf(3));
    },
  },
];
