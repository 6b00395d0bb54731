import type { ClaimOutcome, Claim } from '@qbitflow/core';
import { equal, rejects } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableBench, DurableCase } from './case.js';
import { delivery, keyOf } from './delivery.js';
import { nothingDue, takeAndLapse, takeNext } from './taking.js';

type Within = { readonly succeeded: readonly string[]; readonly done: boolean };

async function within(
  bench: DurableBench,
  claim: Claim,
  options: Within,
): Promise<ClaimOutcome | undefined> {
  let outcome: ClaimOutcome | undefined;
  await bench.transaction(async (tx) => {
    outcome = await bench.store.completeWithin?.(tx, claim, options);
  });
  return outcome;
}

export const transactionCases: readonly DurableCase[] = [
  {
    name: 'transactions: completed when it commits',
    needs: 'joinsTransactions',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench);
      equal(await within(bench, taken, { succeeded: ['a'], done: true }), 'ok');
      const expected = { state: 'done', started: 1, finished: 1, succeeded: ['a'] } as const;
      hasFields(await bench.store.get(keyOf(1)), expected, 'committed');
      await nothingDue(bench);
    },
  },
  {
    name: 'transactions: without `done` only the progress is kept',
    needs: 'joinsTransactions',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench);
      equal(await within(bench, taken, { succeeded: ['a'], done: false }), 'ok');
      hasFields(await bench.store.get(keyOf(1)), { state: 'running', finished: 0 }, 'committed');
      equal(await bench.store.retry(taken, { delayMs: 0, error: 'x', succeeded: ['b'] }), 'ok');
      sameMembers((await takeNext(bench)).succeeded, ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'transactions: rolled back, nothing happened',
    needs: 'joinsTransactions',
    async run(bench) {
      const { store } = bench;
      await store.record(delivery(1));
      const taken = await takeNext(bench);
      const rolledBack = bench.transaction(async (tx) => {
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
    async run(bench) {
      await bench.store.record(delivery(1));
      const stale = await takeAndLapse(bench);
      const current = await takeNext(bench);
      equal(await within(bench, stale, { succeeded: ['stale'], done: true }), 'lost');
      hasFields(await bench.store.get(keyOf(1)), { state: 'running', succeeded: [] }, 'refused');
      equal(await bench.store.complete(current, { succeeded: [] }), 'ok');
    },
  },
];
