import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { eventually, pass, startWatch } from '../support/waiting.js';
import type { DurableCase } from './case.js';
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
    async run(bench) {
      await recordInOrder(bench, 3, 1, 4, 2, 5);
      const take = async () => bench.store.takeDue({ limit: 2, leaseMs: LONG_LEASE_MS });
      const keys = [await take(), await take(), await take(), await take()].map(keysOf);
      deepEqual(keys, [[keyOf(3), keyOf(1)], [keyOf(4), keyOf(2)], [keyOf(5)], []]);
    },
  },
  {
    name: 'takeDue: counts the start and gives every taking a token of its own',
    async run(bench) {
      await recordInOrder(bench, 1, 2);
      const [one, two] = [await takeNext(bench), await takeNext(bench)];
      hasFields(one, { started: 1, finished: 0, lapsed: false, succeeded: [] }, 'a first taking');
      equal(new Set([one.token, two.token]).size, 2, 'two takings have the same token');
      hasFields(
        await bench.store.get(keyOf(1)),
        { state: 'running', started: 1, finished: 0 },
        'taken',
      );
    },
  },
  {
    name: 'takeDue: nothing is taken twice while its lease holds',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeNext(bench);
      await nothingDue(bench);
      await pass(bench, bench.leaseMs);
      await nothingDue(bench);
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
    async run(bench) {
      await bench.store.record(delivery(1));
      const watch = startWatch();
      const first = await takeNext(bench, { leaseMs: bench.leaseMs });
      const second = await takeNext(bench);
      watch.assertAtLeast(bench, bench.leaseMs, 'taken again');
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
    async run(bench) {
      await recordInOrder(bench, 1, 2);
      await takeNext(bench);
      await takeNext(bench, { leaseMs: bench.leaseMs });
      equal((await takeNext(bench)).key, keyOf(2));
      await nothingDue(bench);
    },
  },
  {
    name: 'lease: of many takers at once one gets what lapsed',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeAndLapse(bench);
      const [taken] = await eventually(bench, 'the lapsed lease', async () => {
        const takers = Array.from({ length: 20 }, async () =>
          bench.store.takeDue({ limit: 3, leaseMs: LONG_LEASE_MS }),
        );
        const round = (await Promise.all(takers)).flat();
        return round.length === 0 ? undefined : [round];
      });
      deepEqual(keysOf(taken ?? []), [keyOf(1)]);
    },
  },
  {
    name: 'lease: what lapsed is not starved by newer work',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeAndLapse(bench);
      await recordInOrder(bench, 2, 3);
      equal((await takeNext(bench)).key, keyOf(1));
    },
  },
  {
    name: 'lease: one that lapsed and was not taken again can still be renewed and completed',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeAndLapse(bench);
      const renewal = { leaseMs: LONG_LEASE_MS, succeeded: [] };
      equal(await bench.store.extend(taken, renewal), 'ok');
      await nothingDue(bench);
      equal(await bench.store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
];
