import { deepEqual, equal, ok } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  nothingDue,
  recordAtOnce,
  recordInOrder,
  takeAndLapse,
  takeBatch,
  takeNext,
} from './taking.js';

const NONE = { lapsedLimit: 0 };

/** Deliveries 1 to `count`, taken by a process that died. */
async function lapse(harness: DurableHarness, count: number): Promise<void> {
  await recordAtOnce(harness, deliveries(count));
  const taken = new Set<string>();
  while (taken.size < count) {
    const batch = await harness.store.takeDue({ limit: count, leaseMs: harness.leaseMs });
    ok(batch.length > 0, 'nothing was given though something is due');
    for (const { key } of batch) taken.add(key);
  }
  await pass(harness, harness.leaseMs);
}

export const lapsedLimitCases: readonly DurableCase[] = [
  {
    name: 'lapsedLimit: none where it is 0, and fresh ones all the same',
    async run(harness) {
      await lapse(harness, 3);
      await nothingDue(harness, NONE);
      await recordInOrder(harness, 11, 12);
      equal((await takeNext(harness, NONE)).key, keyOf(11));
      equal((await takeNext(harness, NONE)).key, keyOf(12));
      await nothingDue(harness, NONE);
      const stored = await harness.store.get(keyOf(1));
      hasFields(stored, { started: 1, finished: 0 }, 'left alone');
      equal((await takeNext(harness)).lapsed, true);
    },
  },
  {
    name: 'lapsedLimit: no more of a batch than it says, and all of them in the end',
    async run(harness) {
      await lapse(harness, 6);
      await recordInOrder(harness, 11, 12);
      const keys: string[] = [];
      while (keys.length < 8) {
        const batch = await takeBatch(harness.store, { lapsedLimit: 2 });
        ok(batch.length > 0, 'nothing was given though something is due');
        ok(batch.filter(({ lapsed }) => lapsed).length <= 2, 'more than two lapsed ones');
        keys.push(...keysOf(batch));
      }
      sameMembers(keys, [1, 2, 3, 4, 5, 6, 11, 12].map(keyOf), 'what was taken');
    },
  },
  {
    name: 'lapsedLimit: as many as asked for unless it says otherwise',
    async run(harness) {
      await lapse(harness, 6);
      const keys: string[] = [];
      for (const lapsedLimit of [undefined, undefined, 1, 1, 1, 1])
        keys.push(...keysOf(await takeBatch(harness.store, { limit: 2, lapsedLimit })));
      sameMembers(
        keys,
        deliveries(6).map(({ key }) => key),
        'what was taken',
      );
    },
  },
  {
    name: 'lapsedLimit: fresh ones are reached behind forty lapsed ones',
    async run(harness) {
      await lapse(harness, 40);
      await recordInOrder(harness, 101);
      const two = [
        await takeBatch(harness.store, { limit: 5, lapsedLimit: 1 }),
        await takeBatch(harness.store, { limit: 5, lapsedLimit: 1 }),
      ];
      ok(keysOf(two.flat()).includes(keyOf(101)), 'fresh work waits for lapsed leases');
      for (const batch of two)
        ok(batch.filter(({ lapsed }) => lapsed).length <= 1, 'more than one lapsed one');
    },
  },
  {
    name: 'lapsedLimit: a lapsed one that was handed back counts as lapsed',
    async run(harness) {
      await lapse(harness, 1);
      const handBack = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };
      equal(await harness.store.retry(await takeNext(harness), handBack), 'ok');
      await nothingDue(harness, NONE);
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: true }, 'handed back');
    },
  },
  {
    name: 'lapsedLimit: an attempt that ended or a replay makes it one like others',
    async run(harness) {
      const { store } = harness;
      await lapse(harness, 1);
      const failed = { delayMs: 0, error: 'x', succeeded: [] };
      equal(await store.retry(await takeNext(harness), failed), 'ok');
      equal((await takeAndLapse(harness, NONE)).lapsed, false);
      equal(await store.bury(await takeNext(harness), { error: 'x', succeeded: [] }), 'ok');
      equal(await store.replay(keyOf(1)), true);
      hasFields(await takeNext(harness, NONE), { started: 1, finished: 0, lapsed: false }, 'again');
    },
  },
  {
    name: 'lapsedLimit: counted among what is wanted only',
    async run(harness) {
      await lapse(harness, 2);
      await recordAtOnce(harness, [delivery(11, { type: 'refund.completed' })]);
      await takeAndLapse(harness, { types: { only: ['refund.completed'] } });
      const options = { lapsedLimit: 1, types: { only: ['refund.completed'] } };
      deepEqual(keysOf(await takeBatch(harness.store, options)), [keyOf(11)]);
      const { subject } = delivery(1);
      const other = { lapsedLimit: 1, exceptSubjects: [subject] };
      deepEqual(keysOf(await takeBatch(harness.store, other)), [keyOf(2)]);
    },
  },
  {
    name: "lapsedLimit: one that was passed over can still be renewed, and is nobody else's then",
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeAndLapse(harness);
      await nothingDue(harness, NONE);
      equal(await store.extend(taken, { leaseMs: LONG_LEASE_MS, succeeded: ['a'] }), 'ok');
      await nothingDue(harness);
      equal(await store.complete(taken, { succeeded: ['b'] }), 'ok');
      await nothingDue(harness);
      hasFields(await store.get(keyOf(1)), { state: 'done', started: 1, finished: 1 }, 'completed');
    },
  },
  {
    name: 'lapsedLimit: one that was passed over can still be let go, and waits then',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeAndLapse(harness);
      await nothingDue(harness, NONE);
      const waits = { delayMs: LONG_LEASE_MS, error: 'x', succeeded: [] };
      equal(await store.retry(taken, waits), 'ok');
      await nothingDue(harness);
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 1, finished: 1 }, 'waiting');
    },
  },
];
