import { deepEqual, equal } from 'node:assert/strict';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import {
  buryNext,
  completeNext,
  LONG_LEASE_MS,
  makeTombstones,
  recordAtOnce,
  takeNext,
} from './taking.js';
import { KNOWN } from './tombstones.js';

async function duplicatesOf({ store }: Pick<DurableHarness, 'store'>, number = 1) {
  return (await store.get(keyOf(number)))?.duplicates ?? 0;
}

export const duplicateCases: readonly DurableCase[] = [
  {
    name: 'duplicates: none at first, and one more each time it comes again, in whatever state',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      const again = async (): Promise<number> => {
        await store.record(delivery(1));
        return duplicatesOf(harness);
      };
      await store.record(delivery(1));
      equal(await duplicatesOf(harness), 0);
      equal(await again(), 1);
      const taken = await takeNext(harness);
      equal(await again(), 2);
      await store.bury(taken, { error: 'x', succeeded: [] });
      equal(await again(), 3);
      await store.replay(keyOf(1));
      equal(await duplicatesOf(harness), 3, 'after a replay');
      await completeNext(harness);
      equal(await again(), 4);
      const [item] = (await store.list({})).items;
      equal(item?.duplicates, 4, 'on a page');
    },
  },
  {
    name: 'duplicates: of many at once each is counted, and with its own delivery',
    needs: 'keepsHistory',
    async run(harness) {
      const all = deliveries(5);
      const burst = all.flatMap((one, index) => Array.from({ length: index * 3 + 1 }, () => one));
      await recordAtOnce(harness, burst);
      for (const index of all.keys())
        equal(await duplicatesOf(harness, index + 1), index * 3, `of delivery ${index + 1}`);
    },
  },
  {
    name: 'duplicates: at once with a taking record each is counted',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      const options = { leaseMs: LONG_LEASE_MS };
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async () => store.record(delivery(1), options)),
      );
      equal(outcomes.filter(({ status }) => status === 'duplicate').length, 19);
      equal(await duplicatesOf(harness), 19);
    },
  },
  {
    name: 'duplicates: from several connections at once each is counted',
    needs: ['keepsHistory', 'sharedBetweenConnections'],
    async run(harness) {
      const stores = [harness.store, await harness.openSecond(), await harness.openSecond()];
      await harness.store.record(delivery(1));
      const burst = Array.from({ length: 10 }, () => stores).flat();
      await Promise.all(burst.map(async (store) => store.record(delivery(1))));
      equal(await duplicatesOf(harness), 30);
    },
  },
  {
    name: 'duplicates: a tombstone counts none and stays what it is',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, [delivery(1)]);
      await store.record(delivery(2));
      await buryNext(harness);
      await store.discard(keyOf(2));
      for (const number of [1, 2]) {
        deepEqual(await store.record(delivery(number)), KNOWN);
        equal(await store.get(keyOf(number)), undefined);
      }
      deepEqual((await store.list({})).items, []);
    },
  },
  {
    name: 'duplicates: a restart keeps the count',
    needs: ['keepsHistory', 'survivesRestart'],
    async run(harness) {
      await recordAtOnce(harness, [delivery(1), delivery(1), delivery(1)]);
      const store = await harness.reopen();
      await store.record(delivery(1));
      equal(await duplicatesOf({ store }), 3);
    },
  },
];
