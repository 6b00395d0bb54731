import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { pass, startWatch, tick } from '../support/waiting.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { LONG_LEASE_MS, completeNext, makeDone, recordInOrder, takeNext } from './taking.js';

export const pruneCases: readonly DurableCase[] = [
  {
    name: 'prune: drops what is done, up to the limit, and nothing else',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3, 4, 5, 6);
      for (let count = 0; count < 3; count += 1) await completeNext(harness);
      await store.bury(await takeNext(harness), { error: 'x', succeeded: [] });
      await takeNext(harness);
      await store.record(delivery(7, { dead: 'unreadable' }));
      await tick(harness);
      const prune = async () => store.prune({ doneForMs: 0, limit: 2 });
      deepEqual([await prune(), await prune(), await prune()], [2, 1, 0]);
      const left = keysOf((await store.list({})).items);
      sameMembers(left, [4, 5, 6, 7].map(keyOf), 'what is left');
      for (const number of [4, 5, 6, 7]) notEqual(await store.get(keyOf(number)), undefined);
      const { due, running, done, dead } = await store.stats();
      deepEqual({ due, running, done, dead }, { due: 1, running: 1, done: 0, dead: 2 });
    },
  },
  {
    name: 'prune: keeps what has not been done for long enough',
    async run(harness) {
      await harness.store.record(delivery(1));
      await completeNext(harness);
      await tick(harness);
      equal(await harness.store.prune({ doneForMs: LONG_LEASE_MS, limit: 10 }), 0);
      notEqual(await harness.store.get(keyOf(1)), undefined);
    },
  },
  {
    name: 'prune: counts from when it was done, not from when it came',
    async run(harness) {
      const doneForMs = harness.leaseMs * 4;
      await harness.store.record(delivery(1));
      await pass(harness, doneForMs);
      const taken = await takeNext(harness);
      const watch = startWatch();
      await harness.store.complete(taken, { succeeded: [] });
      const pruned = await harness.store.prune({ doneForMs, limit: 10 });
      // A machine that stalled in between has made it old enough: nothing can be said then.
      if (watch.elapsedMs() < doneForMs) equal(pruned, 0);
    },
  },
  {
    name: 'prune: a time that never comes drops nothing',
    async run(harness) {
      await makeDone(harness, [delivery(1)]);
      for (const doneForMs of [Infinity, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e16]) {
        equal(await harness.store.prune({ doneForMs, limit: 10 }), 0, `doneForMs ${doneForMs}`);
        equal((await harness.store.get(keyOf(1)))?.state, 'done');
      }
    },
  },
];
