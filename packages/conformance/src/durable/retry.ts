import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { pass, startWatch } from '../support/waiting.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, recordInOrder, takeAndLapse, takeNext } from './taking.js';

const HAND_BACK = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };

export const retryCases: readonly DurableCase[] = [
  {
    name: 'retry: due again after its delay, the attempt finished',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      const watch = startWatch();
      const options = { delayMs: harness.leaseMs, error: 'a: no', succeeded: ['b'] };
      equal(await harness.store.retry(taken, options), 'ok');
      const expected = { state: 'due', started: 1, finished: 1, lastError: 'a: no' } as const;
      hasFields(await harness.store.get(keyOf(1)), expected, 'waiting');
      const again = await takeNext(harness);
      watch.assertAtLeast(harness, harness.leaseMs, 'taken again');
      hasFields(again, { started: 2, finished: 1, lapsed: false, succeeded: ['b'] }, 'again');
    },
  },
  {
    name: 'retry: not taken before its delay',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs: harness.leaseMs });
      await harness.store.retry(taken, { delayMs: LONG_LEASE_MS, error: 'x', succeeded: [] });
      await pass(harness, harness.leaseMs);
      await nothingDue(harness);
    },
  },
  {
    name: 'retry: due in the order of their times',
    async run(harness) {
      const { store, leaseMs } = harness;
      await recordInOrder(harness, 1, 2, 3);
      const taken = [await takeNext(harness), await takeNext(harness), await takeNext(harness)];
      const times = new Map<string, number>();
      for (const [index, claim] of taken.entries()) {
        const delayMs = [leaseMs * 2, 0, leaseMs][index] ?? 0;
        await store.retry(claim, { delayMs, error: 'x', succeeded: [] });
        times.set(claim.key, (await store.get(claim.key))?.at ?? 0);
      }
      await pass(harness, leaseMs * 2);
      const keys = [await takeNext(harness), await takeNext(harness), await takeNext(harness)];
      // By the store's own times: a machine that stalls between two retries changes their order.
      const expected = [...times].toSorted(([, a], [, b]) => a - b).map(([key]) => key);
      deepEqual(keysOf(keys), expected);
    },
  },
  {
    name: 'retry: one that came due earlier goes before what was recorded later',
    async run(harness) {
      await recordInOrder(harness, 1);
      const options = { delayMs: harness.leaseMs, error: 'x', succeeded: [] };
      await harness.store.retry(await takeNext(harness), options);
      await pass(harness, harness.leaseMs);
      await recordInOrder(harness, 2);
      deepEqual(keysOf([await takeNext(harness), await takeNext(harness)]), [keyOf(1), keyOf(2)]);
    },
  },
  {
    name: 'retry: what succeeded accumulates over the attempts',
    async run(harness) {
      await harness.store.record(delivery(1));
      const options = { delayMs: 0, error: 'x' };
      await harness.store.retry(await takeNext(harness), { ...options, succeeded: ['a'] });
      await harness.store.retry(await takeNext(harness), { ...options, succeeded: ['b', 'a'] });
      await harness.store.retry(await takeNext(harness), { ...options, succeeded: [] });
      const taken = await takeNext(harness);
      hasFields(taken, { started: 4, finished: 3, lapsed: false }, 'the fourth attempt');
      sameMembers(taken.succeeded, ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'retry: uncounted, it is as if it had not been taken',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await store.retry(await takeNext(harness), HAND_BACK);
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 0, finished: 0 }, 'the first');
      await store.retry(await takeNext(harness), { ...HAND_BACK, counted: true });
      await store.retry(await takeNext(harness), HAND_BACK);
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 1, finished: 1 }, 'the second');
      hasFields(await takeNext(harness), { started: 2, finished: 1, lapsed: false }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a lapsed lease handed back is still remembered as lapsed',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness);
      await harness.store.retry(await takeNext(harness), HAND_BACK);
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: true }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a start counted by extend is taken back too',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness);
      const recovered = await takeNext(harness);
      await harness.store.extend(recovered, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 });
      await harness.store.retry(recovered, HAND_BACK);
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: true }, 'taken again');
    },
  },
];
