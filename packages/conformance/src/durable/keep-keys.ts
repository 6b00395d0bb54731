import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { DurableCase } from '../support/store-harness.js';
import { pass, startWatch, tick } from '../support/waiting.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, completeNext, makeDone, makeTombstones, takeNext } from './taking.js';
import { KNOWN } from './tombstones.js';

const NEVER = [undefined, Infinity, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e16] as const;

const FRESH = { status: 'recorded' } as const;

export const keepKeysCases: readonly DurableCase[] = [
  {
    name: 'keepKeysMs: an older key is forgotten and can be recorded again',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, [delivery(1)]);
      equal(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 }), 1);
      equal(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 }), 0);
      deepEqual(await store.record(delivery(1)), FRESH);
      equal((await takeNext(harness)).started, 1);
    },
  },
  {
    name: 'keepKeysMs: so is one that was discarded',
    async run(harness) {
      await harness.store.record(delivery(1, { dead: 'unreadable' }));
      equal(await harness.store.discard(keyOf(1)), true);
      await tick(harness);
      equal(await harness.store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 }), 1);
      deepEqual(await harness.store.record(delivery(1)), FRESH);
    },
  },
  {
    name: 'keepKeysMs: keys are kept for ever unless it says otherwise',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      equal(await harness.store.prune({ doneForMs: 0, limit: 10 }), 0);
      for (const keepKeysMs of NEVER) {
        const pruned = await harness.store.prune({ doneForMs: 0, keepKeysMs, limit: 10 });
        equal(pruned, 0, `keepKeysMs ${keepKeysMs}`);
        deepEqual(await harness.store.record(delivery(1)), KNOWN, `keepKeysMs ${keepKeysMs}`);
      }
    },
  },
  {
    name: 'keepKeysMs: a younger key is kept',
    async run(harness) {
      await makeTombstones(harness, [delivery(1)]);
      const options = { doneForMs: 0, keepKeysMs: LONG_LEASE_MS, limit: 10 };
      equal(await harness.store.prune(options), 0);
      deepEqual(await harness.store.record(delivery(1)), KNOWN);
    },
  },
  {
    name: 'keepKeysMs: counts from when it was done, not from when it was pruned',
    async run(harness) {
      const { store, leaseMs } = harness;
      await makeDone(harness, [delivery(1)]);
      await pass(harness, leaseMs);
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      equal(await store.prune({ doneForMs: 0, keepKeysMs: leaseMs, limit: 10 }), 1);
      deepEqual(await store.record(delivery(1)), FRESH);
    },
  },
  {
    name: 'keepKeysMs: counts from when it was done, not from when it came',
    async run(harness) {
      const { store } = harness;
      const keepKeysMs = harness.leaseMs * 2;
      await store.record(delivery(1));
      await pass(harness, keepKeysMs);
      const watch = startWatch();
      await completeNext(harness);
      await tick(harness);
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      const forgotten = await store.prune({ doneForMs: 0, keepKeysMs, limit: 10 });
      // A machine that stalled in between has made it old enough: nothing can be said then.
      if (watch.elapsedMs() < keepKeysMs) equal(forgotten, 0);
    },
  },
  {
    name: 'keepKeysMs: what still has its body keeps its key',
    async run(harness) {
      const { store } = harness;
      await makeDone(harness, [delivery(1)]);
      await store.record(delivery(2, { dead: 'unreadable' }));
      await store.record(delivery(3));
      await tick(harness);
      const options = { doneForMs: LONG_LEASE_MS, keepKeysMs: 0, limit: 10 };
      equal(await store.prune(options), 0);
      for (const number of [1, 2, 3]) {
        notEqual(await store.get(keyOf(number)), undefined);
        equal((await store.record(delivery(number))).status, 'duplicate');
      }
    },
  },
  {
    name: 'keepKeysMs: forgets up to the limit and tells how many',
    async run(harness) {
      const { store } = harness;
      const all = deliveries(5);
      await makeTombstones(harness, all);
      const prune = async () => store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 2 });
      equal(await prune(), 2);
      const outcomes = await Promise.all(all.map(async (one) => store.record(one)));
      equal(outcomes.filter(({ status }) => status === 'recorded').length, 2);
      deepEqual([await prune(), await prune(), await prune()], [2, 1, 0]);
    },
  },
  {
    name: 'keepKeysMs: in one go with the bodies, both are counted and the dead stay',
    async run(harness) {
      const { store } = harness;
      await makeTombstones(harness, deliveries(2));
      await makeDone(harness, [delivery(3), delivery(4), delivery(5)]);
      await store.record(delivery(6, { dead: 'unreadable' }));
      await tick(harness);
      let pruned = 0;
      for (let more = 1; more > 0; pruned += more) {
        more = await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 2 });
        await tick(harness);
      }
      equal(pruned, 8, 'three bodies and five keys');
      for (const number of [1, 2, 3, 4, 5]) deepEqual(await store.record(delivery(number)), FRESH);
      deepEqual(await store.record(delivery(6)), { status: 'duplicate', state: 'dead' });
    },
  },
];
