import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameBytes } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { completeNext, makeDone, nothingDue, takeAll, takeNext } from './taking.js';

/** A delivery that took two attempts and two handlers. */
async function doneInTwo(harness: DurableHarness): Promise<void> {
  await harness.store.record(delivery(1));
  const failed = { delayMs: 0, error: 'b: no', succeeded: ['a'] };
  await harness.store.retry(await takeNext(harness), failed);
  equal(await harness.store.complete(await takeNext(harness), { succeeded: ['b'] }), 'ok');
}

export const replayDoneCases: readonly DurableCase[] = [
  {
    name: 'replay of what is done: due now, both counters at zero, all handlers forgotten',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      await doneInTwo(harness);
      await nothingDue(harness);
      equal(await store.replay(keyOf(1)), true);
      const afresh = { started: 0, finished: 0, succeeded: [] };
      hasFields(await store.get(keyOf(1)), { ...afresh, state: 'due' }, 'replayed');
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'due' });
      const taken = await takeNext(harness);
      hasFields(taken, { started: 1, finished: 0, lapsed: false, succeeded: [] }, 'taken');
      sameBytes(taken.raw, delivery(1).raw);
      equal(await store.complete(taken, { succeeded: ['a'] }), 'ok');
      hasFields(await store.get(keyOf(1)), { state: 'done', succeeded: ['a'] }, 'done again');
    },
  },
  {
    name: 'replay of what is done: of ten at once one says so, and it is taken once',
    needs: 'keepsDoneBodies',
    async run(harness) {
      await doneInTwo(harness);
      const all = Array.from({ length: 10 }, async () => harness.store.replay(keyOf(1)));
      equal((await Promise.all(all)).filter(Boolean).length, 1);
      equal((await takeAll([harness.store], { limit: 5, most: 1 })).length, 1);
    },
  },
  {
    name: 'replay of what is done: the claim that had completed it is lost',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const claim = await completeNext(harness);
      equal(await store.replay(keyOf(1)), true);
      equal(await store.complete(claim, { succeeded: ['stale'] }), 'lost');
      const current = await takeNext(harness);
      equal(await store.complete(claim, { succeeded: ['stale'] }), 'lost');
      equal(await store.complete(current, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'replay of what is done: not pruned while it is due, and pruned when it is done again',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      await makeDone(harness, [delivery(1)]);
      equal(await store.replay(keyOf(1)), true);
      equal(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 }), 0);
      await completeNext(harness);
      await tick(harness);
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      equal(await store.replay(keyOf(1)), false);
      await nothingDue(harness);
    },
  },
  {
    name: 'replay of what is done: with its body or not at all',
    async run(harness) {
      const { store } = harness;
      await doneInTwo(harness);
      const before = await store.get(keyOf(1));
      if (await store.replay(keyOf(1))) sameBytes((await takeNext(harness)).raw, delivery(1).raw);
      else deepEqual(await store.get(keyOf(1)), before);
    },
  },
];
