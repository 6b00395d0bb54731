import { equal } from 'node:assert/strict';
import type { TakenDelivery } from '@qbitflow/core';
import { hasFields } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, takeAndLapse, takeNext } from './taking.js';

const HAND_BACK = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };

/** A delivery taken over from a process that died. */
async function takeOver(harness: DurableHarness) {
  await harness.store.record(delivery(1));
  await takeAndLapse(harness);
  return takeNext(harness);
}

type Counts = Pick<TakenDelivery, 'started' | 'finished'>;

async function counts({ store }: DurableHarness, expected: Counts, what: string): Promise<void> {
  hasFields(await store.get(keyOf(1)), expected, what);
}

export const startCases: readonly DurableCase[] = [
  {
    name: 'extend: a start noted again after a lost answer counts once',
    async run(harness) {
      const { store } = harness;
      const recovered = await takeOver(harness);
      const noted = { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 };
      for (let times = 0; times < 4; times += 1) {
        equal(await store.extend(recovered, noted), 'ok');
        await counts(harness, { started: 2, finished: 0 }, 'noted');
      }
      equal(await store.complete(recovered, { succeeded: [] }), 'ok');
      await counts(harness, { started: 2, finished: 2 }, 'completed');
    },
  },
  {
    name: 'extend: a start noted many times at once counts once',
    async run(harness) {
      const recovered = await takeOver(harness);
      const noted = { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 };
      const all = Array.from({ length: 10 }, async () => harness.store.extend(recovered, noted));
      for (const outcome of await Promise.all(all)) equal(outcome, 'ok');
      await counts(harness, { started: 2, finished: 0 }, 'noted');
    },
  },
  {
    name: 'extend: a noted start is renewed like others and not counted by a renewal',
    async run(harness) {
      const { store, leaseMs } = harness;
      const recovered = await takeOver(harness);
      await store.extend(recovered, { leaseMs, succeeded: [], start: 2 });
      await store.extend(recovered, { leaseMs, succeeded: [] });
      await store.extend(recovered, { leaseMs, succeeded: [], start: undefined });
      await counts(harness, { started: 2, finished: 0 }, 'renewed');
      await pass(harness, leaseMs);
      hasFields(await takeNext(harness), { started: 2, finished: 0, lapsed: true }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a start noted twice is taken back once',
    async run(harness) {
      const { store } = harness;
      const recovered = await takeOver(harness);
      const noted = { leaseMs: LONG_LEASE_MS, succeeded: [], start: 2 };
      await store.extend(recovered, noted);
      await store.extend(recovered, noted);
      equal(await store.retry(recovered, HAND_BACK), 'ok');
      await counts(harness, { started: 1, finished: 0 }, 'handed back');
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: true }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, a first start noted again by its number is taken back',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness);
      await store.extend(taken, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 1 });
      await counts(harness, { started: 1, finished: 0 }, 'noted');
      equal(await store.retry(taken, HAND_BACK), 'ok');
      await counts(harness, { started: 0, finished: 0 }, 'handed back');
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: false }, 'taken again');
    },
  },
  {
    name: 'retry: uncounted, starts of earlier takings stay',
    async run(harness) {
      const { store } = harness;
      const first = await takeOver(harness);
      await store.extend(first, { leaseMs: harness.leaseMs, succeeded: [], start: 2 });
      await pass(harness, harness.leaseMs);
      const second = await takeNext(harness);
      await store.extend(second, { leaseMs: LONG_LEASE_MS, succeeded: [], start: 3 });
      equal(await store.retry(second, HAND_BACK), 'ok');
      await counts(harness, { started: 2, finished: 0 }, 'two processes died');
      const third = await takeNext(harness);
      equal(await store.retry(third, HAND_BACK), 'ok');
      await counts(harness, { started: 2, finished: 0 }, 'no start was noted');
    },
  },
];
