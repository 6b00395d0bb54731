import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { eventually, pass, startWatch } from '../support/waiting.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  nothingDue,
  recordInOrder,
  takeAll,
  takeAndLapse,
  takeNext,
} from './taking.js';

export const takeDueCases: readonly DurableCase[] = [
  {
    name: 'takeDue: the oldest first, no more than asked for',
    async run(harness) {
      await recordInOrder(harness, 3, 1, 4, 2, 5);
      const take = async () => harness.store.takeDue({ limit: 2, leaseMs: LONG_LEASE_MS });
      const keys = [await take(), await take(), await take(), await take()].map(keysOf);
      deepEqual(keys, [[keyOf(3), keyOf(1)], [keyOf(4), keyOf(2)], [keyOf(5)], []]);
    },
  },
  {
    name: 'takeDue: counts the start and gives every taking a token of its own',
    async run(harness) {
      await recordInOrder(harness, 1, 2);
      const [one, two] = [await takeNext(harness), await takeNext(harness)];
      hasFields(one, { started: 1, finished: 0, lapsed: false, succeeded: [] }, 'a first taking');
      equal(new Set([one.token, two.token]).size, 2, 'two takings have the same token');
      hasFields(
        await harness.store.get(keyOf(1)),
        { state: 'running', started: 1, finished: 0 },
        'taken',
      );
    },
  },
  {
    name: 'takeDue: nothing is taken twice while its lease holds',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeNext(harness);
      await nothingDue(harness);
      await pass(harness, harness.leaseMs);
      await nothingDue(harness);
    },
  },
  {
    name: 'takeDue: of twenty takers at once no two get the same delivery',
    async run({ store }) {
      const all = deliveries(100);
      await Promise.all(all.map(async (one) => store.record(one)));
      const takers = Array.from({ length: 20 }, () => store);
      const taken = await takeAll(takers, { limit: 7, most: 100 });
      sameMembers(keysOf(taken), keysOf(all), 'what was taken');
      equal(new Set(taken.map(({ token }) => token)).size, 100, 'a token was given twice');
    },
  },
];

export const leaseCases: readonly DurableCase[] = [
  {
    name: 'lease: what lapsed is taken again, by a new token, its start not counted again',
    async run(harness) {
      await harness.store.record(delivery(1));
      const watch = startWatch();
      const first = await takeNext(harness, { leaseMs: harness.leaseMs });
      const second = await takeNext(harness);
      watch.assertAtLeast(harness, harness.leaseMs, 'taken again');
      hasFields(
        second,
        { key: first.key, id: first.id, started: 1, finished: 0, lapsed: true },
        'again',
      );
      equal(new Set([first.token, second.token]).size, 2, 'the new taking has the old token');
    },
  },
  {
    name: 'lease: each taking has the lease it asked for',
    async run(harness) {
      await recordInOrder(harness, 1, 2);
      await takeNext(harness);
      await takeNext(harness, { leaseMs: harness.leaseMs });
      equal((await takeNext(harness)).key, keyOf(2));
      await nothingDue(harness);
    },
  },
  {
    name: 'lease: of many takers at once one gets what lapsed',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness);
      const [taken] = await eventually(harness, 'the lapsed lease', async () => {
        const takers = Array.from({ length: 20 }, async () =>
          harness.store.takeDue({ limit: 3, leaseMs: LONG_LEASE_MS }),
        );
        const round = (await Promise.all(takers)).flat();
        return round.length === 0 ? undefined : [round];
      });
      deepEqual(keysOf(taken ?? []), [keyOf(1)]);
    },
  },
  {
    name: 'lease: what lapsed is not starved by newer work',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness);
      await recordInOrder(harness, 2, 3);
      equal((await takeNext(harness)).key, keyOf(1));
    },
  },
  {
    name: 'lease: one that lapsed and was not taken again can still be renewed and completed',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeAndLapse(harness);
      const renewal = { leaseMs: LONG_LEASE_MS, succeeded: [] };
      equal(await harness.store.extend(taken, renewal), 'ok');
      await nothingDue(harness);
      equal(await harness.store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
];
