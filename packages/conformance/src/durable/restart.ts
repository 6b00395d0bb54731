import { deepEqual, equal } from 'node:assert/strict';
import { hasFields } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, recordInOrder, takeAndLapse, takeNext } from './taking.js';

export const restartCases: readonly DurableCase[] = [
  {
    name: 'restart: every state, body and progress is as it was',
    needs: 'survivesRestart',
    async run(harness) {
      const { store } = harness;
      const numbers = [1, 2, 3, 4, 5];
      await recordInOrder(harness, ...numbers);
      await store.complete(await takeNext(harness), { succeeded: ['a'] });
      await store.bury(await takeNext(harness), { error: 'hopeless', succeeded: ['b'] });
      const waiting = { delayMs: LONG_LEASE_MS, error: 'x', succeeded: ['c'] };
      await store.retry(await takeNext(harness), waiting);
      const running = await takeNext(harness);
      await store.extend(running, { leaseMs: LONG_LEASE_MS, succeeded: ['d'] });
      const before = await Promise.all(numbers.map(async (number) => store.get(keyOf(number))));
      const reopened = await harness.reopen();
      const after = await Promise.all(numbers.map(async (number) => reopened.get(keyOf(number))));
      deepEqual(after, before);
      deepEqual(await reopened.record(delivery(1)), { status: 'duplicate', state: 'done' });
      equal((await takeNext(harness, { store: reopened })).key, keyOf(5));
      await nothingDue({ store: reopened });
      equal(await reopened.complete(running, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'restart: what a process held is taken again once its lease has lapsed',
    needs: 'survivesRestart',
    async run(harness) {
      await harness.store.record(delivery(1));
      const stale = await takeAndLapse(harness);
      const store = await harness.reopen();
      const taken = await takeNext(harness, { store });
      hasFields(taken, { key: keyOf(1), started: 1, finished: 0, lapsed: true }, 'taken again');
      equal(await store.complete(stale, { succeeded: [] }), 'lost');
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'restart: what is recorded after it is newer, and cursors from before go on',
    needs: 'survivesRestart',
    async run(harness) {
      await recordInOrder(harness, 1, 2, 3);
      const { nextCursor: cursor } = await harness.store.list({ limit: 2 });
      const store = await harness.reopen();
      await tick(harness);
      await store.record(delivery(4));
      deepEqual(keysOf((await store.list({ cursor })).items), [keyOf(1)]);
      deepEqual(keysOf((await store.list({})).items), [4, 3, 2, 1].map(keyOf));
      const taken = await store.takeDue({ limit: 9, leaseMs: LONG_LEASE_MS });
      deepEqual(keysOf(taken), [1, 2, 3, 4].map(keyOf));
    },
  },
];
