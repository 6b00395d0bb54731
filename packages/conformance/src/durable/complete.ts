import { deepEqual, equal } from 'node:assert/strict';
import type { Claim } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, takeAll, takeAndLapse, takeNext } from './taking.js';

export const completeCases: readonly DurableCase[] = [
  {
    name: 'complete: done for good, the attempt finished',
    async run(harness) {
      const { store, leaseMs } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs });
      await store.extend(taken, { leaseMs, succeeded: ['a'] });
      equal(await store.complete(taken, { succeeded: ['b'] }), 'ok');
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'done', started: 1, finished: 1 }, 'completed');
      sameMembers(stored?.succeeded ?? [], ['a', 'b'], 'the handlers that succeeded');
      await pass(harness, leaseMs);
      await nothingDue(harness);
      equal(await store.complete(taken, { succeeded: [] }), 'lost');
    },
  },
  {
    name: 'complete: finished catches up with every start',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness);
      const recovered = await takeNext(harness);
      await harness.store.extend(recovered, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 });
      equal(await harness.store.complete(recovered, { succeeded: [] }), 'ok');
      hasFields(await harness.store.get(keyOf(1)), { started: 2, finished: 2 }, 'completed');
    },
  },
  {
    name: 'complete: of many at once each gets its own answer',
    async run({ store }) {
      await Promise.all(deliveries(60).map(async (one) => store.record(one)));
      const taken = await takeAll([store], { limit: 60, most: 60 });
      const claims = taken.map(({ key, token }, index): Claim =>
        index % 3 === 0 ? { key, token: `not ${token}` } : { key, token },
      );
      const all = claims.map(async (claim) => store.complete(claim, { succeeded: ['a'] }));
      const expected = claims.map((_, index) => (index % 3 === 0 ? 'lost' : 'ok'));
      deepEqual(await Promise.all(all), expected);
      const { running, done } = await store.stats();
      deepEqual({ running, done }, { running: 20, done: 40 });
    },
  },
  {
    name: 'complete: of one claim completed many times at once one is ok',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      const all = Array.from({ length: 10 }, async () =>
        harness.store.complete(taken, { succeeded: [] }),
      );
      equal((await Promise.all(all)).filter((outcome) => outcome === 'ok').length, 1);
    },
  },
];
