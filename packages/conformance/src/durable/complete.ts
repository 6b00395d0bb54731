import type { Claim } from '@qbitflow/core';
import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { pass } from '../support/waiting.js';
import type { DurableCase } from './case.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, takeAll, takeAndLapse, takeNext } from './taking.js';

export const completeCases: readonly DurableCase[] = [
  {
    name: 'complete: done for good, the attempt finished',
    async run(bench) {
      const { store, leaseMs } = bench;
      await store.record(delivery(1));
      const taken = await takeNext(bench, { leaseMs });
      await store.extend(taken, { leaseMs, succeeded: ['a'] });
      equal(await store.complete(taken, { succeeded: ['b'] }), 'ok');
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'done', started: 1, finished: 1 }, 'completed');
      sameMembers(stored?.succeeded ?? [], ['a', 'b'], 'the handlers that succeeded');
      await pass(bench, leaseMs);
      await nothingDue(bench);
      equal(await store.complete(taken, { succeeded: [] }), 'lost');
    },
  },
  {
    name: 'complete: finished catches up with every start',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeAndLapse(bench);
      const suspect = await takeNext(bench);
      await bench.store.extend(suspect, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 });
      equal(await bench.store.complete(suspect, { succeeded: [] }), 'ok');
      hasFields(await bench.store.get(keyOf(1)), { started: 2, finished: 2 }, 'completed');
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
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench);
      const all = Array.from({ length: 10 }, async () =>
        bench.store.complete(taken, { succeeded: [] }),
      );
      equal((await Promise.all(all)).filter((outcome) => outcome === 'ok').length, 1);
    },
  },
];
