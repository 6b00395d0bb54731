import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableCase } from '../support/store-harness.js';
import { pass, startWatch } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, recordInOrder, takeNext } from './taking.js';

export const statsCases: readonly DurableCase[] = [
  {
    name: 'stats: an empty store counts nothing',
    async run({ store }) {
      const zeros = { due: 0, running: 0, done: 0, dead: 0, unhandled: 0, oldestDueAgeMs: 0 };
      deepEqual({ ...(await store.stats()) }, zeros);
    },
  },
  {
    name: 'stats: counts every state',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3, 4, 5, 6);
      await store.record(delivery(7, { dead: 'unreadable' }));
      await store.complete(await takeNext(harness), { succeeded: [] });
      await store.bury(await takeNext(harness), { error: 'x', succeeded: [] });
      await takeNext(harness);
      await store.retry(await takeNext(harness), {
        delayMs: LONG_LEASE_MS,
        error: 'x',
        succeeded: [],
      });
      const { due, running, done, dead } = await store.stats();
      deepEqual({ due, running, done, dead }, { due: 3, running: 1, done: 1, dead: 2 });
      await store.discard(keyOf(7));
      await store.replay(keyOf(2));
      const later = await store.stats();
      deepEqual([later.due, later.running, later.done, later.dead], [4, 1, 1, 0]);
    },
  },
  {
    name: 'stats: tells how long the oldest due one has waited',
    async run(harness) {
      const watch = startWatch();
      await harness.store.record(delivery(1));
      const recorded = startWatch();
      await pass(harness, harness.leaseMs);
      await harness.store.record(delivery(2));
      const waited = recorded.elapsedMs();
      const { oldestDueAgeMs } = await harness.store.stats();
      const slack = harness.granularityMs + 20;
      ok(oldestDueAgeMs >= waited - slack, `${oldestDueAgeMs} ms is too little`);
      ok(oldestDueAgeMs <= watch.elapsedMs() + slack, `${oldestDueAgeMs} ms is too much`);
    },
  },
  {
    name: 'stats: a retry that still waits, running ones and dead letters have no age',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2);
      await store.record(delivery(3, { dead: 'unreadable' }));
      await store.retry(await takeNext(harness), {
        delayMs: LONG_LEASE_MS,
        error: 'x',
        succeeded: [],
      });
      await takeNext(harness);
      await pass(harness, harness.leaseMs);
      equal((await store.stats()).oldestDueAgeMs, 0);
    },
  },
];
