import { deepEqual, equal, ok } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { nothingDue, takeAll, takeNext } from './taking.js';

/** 2020-01-01 in ms: a time in seconds is long before it. */
const PLAUSIBLE_MS = 1_577_836_800_000;

export const recordCases: readonly DurableCase[] = [
  {
    name: 'record: a fresh key is recorded, due and untouched',
    async run({ store }) {
      deepEqual(await store.record(delivery(1)), { status: 'recorded' });
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'due', started: 0, finished: 0, succeeded: [] }, 'as recorded');
      ok((stored?.recordedAt ?? 0) > PLAUSIBLE_MS, 'recordedAt is not in ms since 1970');
      ok((stored?.at ?? 0) > PLAUSIBLE_MS, '`at` is not in ms since 1970');
    },
  },
  {
    name: 'record: a known key is a duplicate and tells the state of the first',
    async run(harness) {
      const again = async () => harness.store.record(delivery(1));
      await again();
      deepEqual(await again(), { status: 'duplicate', state: 'due' });
      const first = await takeNext(harness);
      deepEqual(await again(), { status: 'duplicate', state: 'running' });
      await harness.store.bury(first, { error: 'no', succeeded: [] });
      deepEqual(await again(), { status: 'duplicate', state: 'dead' });
      await harness.store.replay(first.key);
      await harness.store.complete(await takeNext(harness), { succeeded: [] });
      deepEqual(await again(), { status: 'duplicate', state: 'done' });
    },
  },
  {
    name: 'record: a duplicate changes nothing of what came first',
    async run({ store }) {
      await store.record(delivery(1));
      const look = async () => {
        // How often it came is all that may differ.
        const { duplicates: _duplicates, ...facts } = { ...(await store.get(keyOf(1))) };
        return facts;
      };
      const before = await look();
      const raw = Buffer.from('another body');
      const other = { ...delivery(2, { raw, dead: 'unreadable' }), key: keyOf(1) };
      deepEqual(await store.record(other), { status: 'duplicate', state: 'due' });
      deepEqual(await look(), before);
    },
  },
  {
    name: 'record: of fifty records of one key at once one is first',
    async run({ store }) {
      const records = Array.from({ length: 50 }, async () => store.record(delivery(1)));
      const outcomes = await Promise.all(records);
      const duplicates = outcomes.filter(({ status }) => status === 'duplicate');
      equal(outcomes.length - duplicates.length, 1, 'recorded more or less than once');
      for (const duplicate of duplicates)
        deepEqual(duplicate, { status: 'duplicate', state: 'due' });
      equal((await store.stats()).due, 1);
    },
  },
  {
    name: 'record: in a burst with duplicates every record gets its own answer',
    async run({ store }) {
      await store.record(delivery(1));
      await store.record(delivery(2, { dead: 'unreadable' }));
      const records = [1, 3, 2, 4, 4].map(async (number) => store.record(delivery(number)));
      const outcomes = await Promise.all(records);
      deepEqual(outcomes.slice(0, 3), [
        { status: 'duplicate', state: 'due' },
        { status: 'recorded' },
        { status: 'duplicate', state: 'dead' },
      ]);
      // Which of two calls at once comes first is the store's affair.
      deepEqual(
        outcomes.slice(3).toSorted((a, b) => a.status.localeCompare(b.status)),
        [{ status: 'duplicate', state: 'due' }, { status: 'recorded' }],
      );
    },
  },
  {
    name: 'record: a burst of 1,000 is answered one by one and taken once each',
    async run({ store }) {
      const burst = deliveries(1_000);
      const outcomes = await Promise.all(burst.map(async (one) => store.record(one)));
      equal(outcomes.filter(({ status }) => status === 'recorded').length, 1_000);
      const taken = await takeAll([store], { limit: 150, most: 1_000 });
      sameMembers(keysOf(taken), keysOf(burst), 'what was taken of the burst');
    },
  },
  {
    name: 'record: what is dead on arrival is a dead letter and never taken',
    async run(harness) {
      const dead = delivery(1, { dead: 'unreadable: no type' });
      deepEqual(await harness.store.record(dead), { status: 'recorded' });
      await nothingDue(harness);
      const stored = await harness.store.get(keyOf(1));
      hasFields(stored, { state: 'dead', lastError: 'unreadable: no type' }, 'dead on arrival');
      deepEqual(await harness.store.record(dead), { status: 'duplicate', state: 'dead' });
    },
  },
];
