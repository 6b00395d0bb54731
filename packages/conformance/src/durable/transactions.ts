import { equal, rejects } from 'node:assert/strict';
import type { Claim, ClaimOutcome } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { delivery, keyOf } from './delivery.js';
import { nothingDue, takeAndLapse, takeNext } from './taking.js';

type Within = { readonly succeeded: readonly string[]; readonly done: boolean };

async function within(
  harness: DurableHarness,
  claim: Claim,
  options: Within,
): Promise<ClaimOutcome | undefined> {
  let outcome: ClaimOutcome | undefined;
  await harness.transaction(async (tx) => {
    outcome = await harness.store.completeWithin?.(tx, claim, options);
  });
  return outcome;
}

export const transactionCases: readonly DurableCase[] = [
  {
    name: 'transactions: completed when it commits',
    needs: 'joinsTransactions',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      equal(await within(harness, taken, { succeeded: ['a'], done: true }), 'ok');
      const expected = { state: 'done', started: 1, finished: 1, succeeded: ['a'] } as const;
      hasFields(await harness.store.get(keyOf(1)), expected, 'committed');
      await nothingDue(harness);
    },
  },
  {
    name: 'transactions: without `done` only the progress is kept',
    needs: 'joinsTransactions',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      equal(await within(harness, taken, { succeeded: ['a'], done: false }), 'ok');
      hasFields(await harness.store.get(keyOf(1)), { state: 'running', finished: 0 }, 'committed');
      equal(await harness.store.retry(taken, { delayMs: 0, error: 'x', succeeded: ['b'] }), 'ok');
      sameMembers((await takeNext(harness)).succeeded, ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'transactions: rolled back, nothing happened',
    needs: 'joinsTransactions',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness);
      const rolledBack = harness.transaction(async (tx) => {
        await store.completeWithin?.(tx, taken, { succeeded: ['a'], done: true });
        throw new Error('the handler failed');
      });
      await rejects(rolledBack, /the handler failed/);
      hasFields(await store.get(keyOf(1)), { state: 'running', succeeded: [] }, 'rolled back');
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'transactions: a lost claim is refused',
    needs: 'joinsTransactions',
    async run(harness) {
      await harness.store.record(delivery(1));
      const stale = await takeAndLapse(harness);
      const current = await takeNext(harness);
      equal(await within(harness, stale, { succeeded: ['stale'], done: true }), 'lost');
      hasFields(await harness.store.get(keyOf(1)), { state: 'running', succeeded: [] }, 'refused');
      equal(await harness.store.complete(current, { succeeded: [] }), 'ok');
    },
  },
];
