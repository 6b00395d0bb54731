import { deepEqual, equal, ok } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { pass } from '../support/waiting.js';
import { takeBatch } from './batches.js';
import type { DurableBench, DurableCase } from './case.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { nothingDue, recordAtOnce, recordInOrder, takeAndLapse, takeNext } from './taking.js';

const NONE = { lapsedLimit: 0 };

/** Deliveries 1 to `count`, taken by a process that died. */
async function lapse(bench: DurableBench, count: number): Promise<void> {
  await recordAtOnce(bench, deliveries(count));
  const taken = new Set<string>();
  while (taken.size < count) {
    const batch = await bench.store.takeDue({ limit: count, leaseMs: bench.leaseMs });
    ok(batch.length > 0, 'nothing was given though something is due');
    for (const { key } of batch) taken.add(key);
  }
  await pass(bench, bench.leaseMs);
}

export const lapsedLimitCases: readonly DurableCase[] = [
  {
    name: 'lapsedLimit: none where it is 0, and fresh ones all the same',
    async run(bench) {
      await lapse(bench, 3);
      await nothingDue(bench, NONE);
      await recordInOrder(bench, 11, 12);
      equal((await takeNext(bench, NONE)).key, keyOf(11));
      equal((await takeNext(bench, NONE)).key, keyOf(12));
      await nothingDue(bench, NONE);
      const stored = await bench.store.get(keyOf(1));
      hasFields(stored, { started: 1, finished: 0 }, 'left alone');
      equal((await takeNext(bench)).lapsed, true);
    },
  },
  {
    name: 'lapsedLimit: no more of a batch than it says, and all of them in the end',
    async run(bench) {
      await lapse(bench, 6);
      await recordInOrder(bench, 11, 12);
      const keys: string[] = [];
      while (keys.length < 8) {
        const batch = await takeBatch(bench.store, { lapsedLimit: 2 });
        ok(batch.length > 0, 'nothing was given though something is due');
        ok(batch.filter(({ lapsed }) => lapsed).length <= 2, 'more than two lapsed ones');
        keys.push(...keysOf(batch));
      }
      sameMembers(keys, [1, 2, 3, 4, 5, 6, 11, 12].map(keyOf), 'what was taken');
    },
  },
  {
    name: 'lapsedLimit: as many as asked for unless it says otherwise',
    async run(bench) {
      await lapse(bench, 6);
      const keys: string[] = [];
      for (const lapsedLimit of [undefined, undefined, 1, 1, 1, 1])
        keys.push(...keysOf(await takeBatch(bench.store, { limit: 2, lapsedLimit })));
      sameMembers(
        keys,
        deliveries(6).map(({ key }) => key),
        'what was taken',
      );
    },
  },
  {
    name: 'lapsedLimit: fresh ones are reached behind forty lapsed ones',
    async run(bench) {
      await lapse(bench, 40);
      await recordInOrder(bench, 101);
      const two = [
        await takeBatch(bench.store, { limit: 5, lapsedLimit: 1 }),
        await takeBatch(bench.store, { limit: 5, lapsedLimit: 1 }),
      ];
      ok(keysOf(two.flat()).includes(keyOf(101)), 'fresh work waits for lapsed leases');
      for (const batch of two)
        ok(batch.filter(({ lapsed }) => lapsed).length <= 1, 'more than one lapsed one');
    },
  },
  {
    name: 'lapsedLimit: a lapsed one that was handed back counts as lapsed',
    async run(bench) {
      await lapse(bench, 1);
      const handBack = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };
      equal(await bench.store.retry(await takeNext(bench), handBack), 'ok');
      await nothingDue(bench, NONE);
      hasFields(await takeNext(bench), { started: 1, finished: 0, lapsed: true }, 'handed back');
    },
  },
  {
    name: 'lapsedLimit: an attempt that ended or a replay makes it one like others',
    async run(bench) {
      const { store } = bench;
      await lapse(bench, 1);
      const failed = { delayMs: 0, error: 'x', succeeded: [] };
      equal(await store.retry(await takeNext(bench), failed), 'ok');
      equal((await takeAndLapse(bench, NONE)).lapsed, false);
      equal(await store.bury(await takeNext(bench), { error: 'x', succeeded: [] }), 'ok');
      equal(await store.replay(keyOf(1)), true);
      hasFields(await takeNext(bench, NONE), { started: 1, finished: 0, lapsed: false }, 'again');
    },
  },
  {
    name: 'lapsedLimit: counted among what is wanted only',
    async run(bench) {
      await lapse(bench, 2);
      await recordAtOnce(bench, [delivery(11, { type: 'refund.completed' })]);
      await takeAndLapse(bench, { types: { only: ['refund.completed'] } });
      const options = { lapsedLimit: 1, types: { only: ['refund.completed'] } };
      deepEqual(keysOf(await takeBatch(bench.store, options)), [keyOf(11)]);
      const { subject } = delivery(1);
      const other = { lapsedLimit: 1, exceptSubjects: [subject] };
      deepEqual(keysOf(await takeBatch(bench.store, other)), [keyOf(2)]);
    },
  },
];
