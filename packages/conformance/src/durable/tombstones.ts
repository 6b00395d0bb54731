import { deepEqual, equal } from 'node:assert/strict';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import { buryNext, makeTombstones, nothingDue, recordAtOnce } from './taking.js';

/** What `record` says of a key that is a tombstone. */
export const KNOWN = { status: 'duplicate', state: 'done' } as const;

const NOTHING = { due: 0, running: 0, done: 0, dead: 0, unhandled: 0, oldestDueAgeMs: 0 };

/** Asserts that nothing but its key is known of delivery 1. */
async function onlyTheKey(harness: DurableHarness): Promise<void> {
  const { store } = harness;
  equal(await store.get(keyOf(1)), undefined, 'get');
  for (const filter of [{}, { state: 'done' }, { unhandled: true }] as const)
    deepEqual((await store.list(filter)).items, [], `list ${JSON.stringify(filter)}`);
  deepEqual({ ...(await store.stats()) }, NOTHING, 'stats');
  await nothingDue(harness);
  deepEqual(await store.record(delivery(1)), KNOWN);
}

export const tombstoneCases: readonly DurableCase[] = [
  {
    name: 'tombstones: a pruned key stays known, whatever comes with it',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, [delivery(1, { source: 'return' })]);
      const others = [
        delivery(1),
        delivery(1, { source: 'return' }),
        delivery(1, { source: 'recovery', raw: Buffer.from('another body') }),
        delivery(1, { dead: 'unreadable' }),
        delivery(1, { unhandled: 'test money' }),
        { ...delivery(2), key: keyOf(1) },
      ];
      for (const other of others) deepEqual(await store.record(other), KNOWN);
      await onlyTheKey(harness);
    },
  },
  {
    name: 'tombstones: get, list, stats and takers see nothing of them',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      await onlyTheKey(harness);
    },
  },
  {
    name: 'tombstones: can neither be replayed nor discarded',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      equal(await harness.store.replay(keyOf(1)), false);
      equal(await harness.store.discard(keyOf(1)), false);
      await onlyTheKey(harness);
    },
  },
  {
    name: 'tombstones: discard leaves one',
    async run(harness) {
      await harness.store.record(delivery(1));
      await buryNext(harness);
      equal(await harness.store.discard(keyOf(1)), true);
      await onlyTheKey(harness);
      equal(await harness.store.replay(keyOf(1)), false);
      equal(await harness.store.discard(keyOf(1)), false);
      equal(await harness.store.prune({ doneForMs: 0, limit: 10 }), 0);
      await onlyTheKey(harness);
    },
  },
  {
    name: 'tombstones: of fifty records of one key at once none is first',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      const records = Array.from({ length: 50 }, async () => harness.store.record(delivery(1)));
      for (const outcome of await Promise.all(records)) deepEqual(outcome, KNOWN);
      await onlyTheKey(harness);
    },
  },
  {
    name: 'tombstones: in a burst with them every record gets its own answer',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, [delivery(1), delivery(3)]);
      await store.record(delivery(2, { dead: 'unreadable' }));
      const records = [1, 4, 2, 3, 5].map(async (number) => store.record(delivery(number)));
      deepEqual(await Promise.all(records), [
        KNOWN,
        { status: 'recorded' },
        { status: 'duplicate', state: 'dead' },
        KNOWN,
        { status: 'recorded' },
      ]);
    },
  },
  {
    name: 'tombstones: 250 keys are pruned in batches, and each stays known',
    async run(harness) {
      const all = deliveries(250);
      await makeTombstones(harness, all);
      const outcomes = await Promise.all(all.map(async (one) => harness.store.record(one)));
      for (const outcome of outcomes) deepEqual(outcome, KNOWN);
      const others = all.map((one) => ({ ...one, key: `${one.key} ` }));
      await recordAtOnce(harness, others);
      equal((await harness.store.stats()).due, 250, 'keys beside them are fresh');
    },
  },
  {
    name: 'tombstones: the other connection knows them',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const other = await harness.openSecond();
      await makeTombstones(harness, [delivery(1)]);
      await harness.store.record(delivery(2, { dead: 'unreadable' }));
      equal(await other.discard(keyOf(2)), true);
      for (const store of [other, harness.store, await harness.openSecond()])
        for (const number of [1, 2]) deepEqual(await store.record(delivery(number)), KNOWN);
      equal(await other.replay(keyOf(1)), false);
    },
  },
  {
    name: 'tombstones: a restart knows them',
    needs: 'survivesRestart',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      await harness.store.record(delivery(2, { dead: 'unreadable' }));
      await harness.store.discard(keyOf(2));
      const store = await harness.reopen();
      for (const number of [1, 2]) deepEqual(await store.record(delivery(number)), KNOWN);
      deepEqual({ ...(await store.stats()) }, NOTHING);
      await nothingDue({ store });
    },
  },
];
