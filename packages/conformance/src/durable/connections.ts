import { deepEqual, equal } from 'node:assert/strict';
import type { NewDelivery } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { nothingDue, takeAll, takeAndLapse, takeNext } from './taking.js';

export const connectionCases: readonly DurableCase[] = [
  {
    name: 'connections: what one wrote the other sees',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      await harness.store.record(delivery(1));
      deepEqual(await other.record(delivery(1)), { status: 'duplicate', state: 'due' });
      const taken = await takeNext(harness, { store: other });
      await nothingDue(harness);
      await harness.store.bury(taken, { error: 'x', succeeded: ['a'] });
      hasFields(await other.get(keyOf(1)), { state: 'dead', succeeded: ['a'] }, 'the other');
      equal(await other.replay(keyOf(1)), true);
      equal((await harness.store.stats()).due, 1);
    },
  },
  {
    name: 'connections: of records of the same keys by both at once one each is first',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const stores = [harness.store, await harness.openSecond()];
      const all = deliveries(50);
      const records = all.flatMap((one) => stores.map(async (store) => store.record(one)));
      const outcomes = await Promise.all(records);
      equal(outcomes.filter(({ status }) => status === 'recorded').length, 50);
      equal((await harness.store.stats()).due, 50);
    },
  },
  {
    name: 'connections: takers on both never get the same delivery or token',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      const all = deliveries(200);
      const record = async (one: NewDelivery, index: number) =>
        (index % 2 === 0 ? harness.store : other).record(one);
      await Promise.all(all.map(record));
      equal((await other.stats()).due, 200);
      const takers = Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? harness.store : other,
      );
      const taken = await takeAll(takers, { limit: 7, most: 200 });
      sameMembers(keysOf(taken), keysOf(all), 'what was taken');
      equal(new Set(taken.map(({ token }) => token)).size, 200, 'a token was given twice');
    },
  },
  {
    name: 'connections: a claim lost to the other connection is refused',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      await harness.store.record(delivery(1));
      const stale = await takeAndLapse(harness);
      const current = await takeNext(harness, { store: other });
      equal(await harness.store.complete(stale, { succeeded: ['stale'] }), 'lost');
      hasFields(await other.get(keyOf(1)), { state: 'running', succeeded: [] }, 'refused');
      equal(await other.complete(current, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'connections: both may prepare the store at once and again',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      await harness.store.record(delivery(1));
      const others = await Promise.all([harness.openSecond(), harness.openSecond()]);
      await Promise.all([harness.store, ...others].map(async (store) => store.init?.()));
      for (const store of others) equal((await store.stats()).due, 1);
    },
  },
  {
    name: 'connections: closing one leaves the other open',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      await harness.store.record(delivery(1));
      await harness.store.close();
      equal((await takeNext(harness, { store: other })).key, keyOf(1));
      deepEqual(await other.record(delivery(2)), { status: 'recorded' });
    },
  },
];
