import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { pass, startWatch } from '../support/waiting.js';
import type { DurableCase } from './case.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, recordInOrder, takeAndLapse, takeNext } from './taking.js';

const HAND_BACK = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };

export const retryCases: readonly DurableCase[] = [
  {
    name: 'retry: due again after its delay, the attempt finished',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench);
      const watch = startWatch();
      const options = { delayMs: bench.leaseMs, error: 'a: no', succeeded: ['b'] };
      equal(await bench.store.retry(taken, options), 'ok');
      const expected = { state: 'due', started: 1, finished: 1, lastError: 'a: no' } as const;
      hasFields(await bench.store.get(keyOf(1)), expected, 'waiting');
      const again = await takeNext(bench);
      watch.assertAtLeast(bench, bench.leaseMs, 'taken again');
      hasFields(again, { started: 2, finished: 1, lapsed: false, succeeded: ['b'] }, 'again');
    },
  },
  {
    name: 'retry: not taken before its delay',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench, { leaseMs: bench.leaseMs });
      await bench.store.retry(taken, { delayMs: LONG_LEASE_MS, error: 'x', succeeded: [] });
      await pass(bench, bench.leaseMs);
      await nothingDue(bench);
    },
  },
  {
    name: 'retry: due in the order of their times',
    async run(bench) {
      const { store, leaseMs } = bench;
      await recordInOrder(bench, 1, 2, 3);
      const taken = [await takeNext(bench), await takeNext(bench), await takeNext(bench)];
      const times = new Map<string, number>();
      for (const [index, claim] of taken.entries()) {
        const delayMs = [leaseMs * 2, 0, leaseMs][index] ?? 0;
        await store.retry(claim, { delayMs, error: 'x', succeeded: [] });
        times.set(claim.key, (await store.get(claim.key))?.at ?? 0);
      }
      await pass(bench, leaseMs * 2);
      const keys = [await takeNext(bench), await takeNext(bench), await takeNext(bench)];
      // By the store's own times: a machine that stalls between two retries changes their order.
      const expected = [...times].toSorted(([, a], [, b]) => a - b).map(([key]) => key);
      deepEqual(keysOf(keys), expected);
    },
  },
  {
    name: 'retry: one that came due earlier goes before what was recorded later',
    async run(bench) {
      await recordInOrder(bench, 1);
      const options = { delayMs: bench.leaseMs, error: 'x', succeeded: [] };
      await bench.store.retry(await takeNext(bench), options);
      await pass(bench, bench.leaseMs);
      await recordInOrder(bench, 2);
      deepEqual(keysOf([await takeNext(bench), await takeNext(bench)]), [keyOf(1), keyOf(2)]);
    },
  },
  {
    name: 'retry: what succeeded accumulates over the attempts',
    async run(bench) {
      await bench.store.record(delivery(1));
      const options = { delayMs: 0, error: 'x' };
      await bench.store.retry(await takeNext(bench), { ...options, succeeded: ['a'] });
      await bench.store.retry(await takeNext(bench), { ...options, succeeded: ['b', 'a'] });
      await bench.store.retry(await takeNext(bench), { ...options, succeeded: [] });
      const taken = await takeNext(bench);
      hasFields(taken, { started: 4, finished: 3, lapsed: false }, 'the fourth attempt');
      sameMembers(taken.succeeded, ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'retry: uncounted, it is as if it had not been taken',
    async run(bench) {
      const { store } = bench;
      await store.record(delivery(1));
      await store.retry(await takeNext(bench), HAND_BACK);
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 0, finished: 0 }, 'the first');
      await store.retry(await takeNext(bench), { ...HAND_BACK, counted: true });
      await store.retry(await takeNext(bench), HAND_BACK);
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 1, finished: 1 }, 'the second');
      hasFields(await takeNext(bench), { started: 2, finished: 1, lapsed: false }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a lapsed lease handed back is still remembered as lapsed',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeAndLapse(bench);
      await bench.store.retry(await takeNext(bench), HAND_BACK);
      hasFields(await takeNext(bench), { started: 1, finished: 0, lapsed: true }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a start counted by extend is taken back too',
    async run(bench) {
      await bench.store.record(delivery(1));
      await takeAndLapse(bench);
      const suspect = await takeNext(bench);
      await bench.store.extend(suspect, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 });
      await bench.store.retry(suspect, HAND_BACK);
      hasFields(await takeNext(bench), { started: 1, finished: 0, lapsed: true }, 'taken again');
    },
  },
];
