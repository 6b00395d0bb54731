import { deepEqual, equal } from 'node:assert/strict';
import type { TakenDelivery } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { nothingDue, takeAll, takeNext } from './taking.js';

async function buryOne(harness: DurableHarness): Promise<TakenDelivery> {
  await harness.store.record(delivery(1));
  const first = await takeNext(harness);
  await harness.store.retry(first, { delayMs: 0, error: 'x', succeeded: ['a'] });
  const taken = await takeNext(harness, { leaseMs: harness.leaseMs });
  equal(await harness.store.bury(taken, { error: 'hopeless', succeeded: ['b'] }), 'ok');
  return taken;
}

export const deadCases: readonly DurableCase[] = [
  {
    name: 'bury: dead with its reason, and taken by nobody',
    async run(harness) {
      await buryOne(harness);
      await pass(harness, harness.leaseMs);
      await nothingDue(harness);
      const expected = { state: 'dead', started: 2, finished: 2, lastError: 'hopeless' } as const;
      const stored = await harness.store.get(keyOf(1));
      hasFields(stored, expected, 'buried');
      sameMembers(stored?.succeeded ?? [], ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'replay: due now, both counters at zero, successes remembered',
    async run(harness) {
      await buryOne(harness);
      equal(await harness.store.replay(keyOf(1)), true);
      hasFields(
        await harness.store.get(keyOf(1)),
        { state: 'due', started: 0, finished: 0 },
        'replayed',
      );
      const taken = await takeNext(harness);
      hasFields(taken, { started: 1, finished: 0, lapsed: false }, 'taken');
      sameMembers(taken.succeeded, ['a', 'b'], 'the handlers that succeeded');
      equal(await harness.store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'replay: what was dead on arrival is taken like any other',
    async run(harness) {
      await harness.store.record(delivery(1, { dead: 'unreadable' }));
      equal(await harness.store.replay(keyOf(1)), true);
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: false }, 'taken');
    },
  },
  {
    name: 'replay: of ten at once one says so',
    async run(harness) {
      await buryOne(harness);
      const all = Array.from({ length: 10 }, async () => harness.store.replay(keyOf(1)));
      equal((await Promise.all(all)).filter(Boolean).length, 1);
      equal((await takeAll([harness.store], { limit: 5, most: 1 })).length, 1);
    },
  },
  {
    name: 'replay and discard: what is not theirs stays as it is',
    async run(harness) {
      const { store } = harness;
      const discardRefused = async () => {
        const before = await store.get(keyOf(1));
        equal(await store.discard(keyOf(1)), false, `discarded while ${before?.state}`);
        deepEqual(await store.get(keyOf(1)), before);
      };
      const bothRefused = async () => {
        const before = await store.get(keyOf(1));
        equal(await store.replay(keyOf(1)), false, `replayed while ${before?.state}`);
        deepEqual(await store.get(keyOf(1)), before);
        await discardRefused();
      };
      await bothRefused();
      await store.record(delivery(1));
      await bothRefused();
      await store.retry(await takeNext(harness), { delayMs: 0, error: 'x', succeeded: ['a'] });
      await bothRefused();
      const taken = await takeNext(harness);
      await bothRefused();
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      await discardRefused();
    },
  },
];
