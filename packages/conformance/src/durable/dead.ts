import type { TakenDelivery } from '@qbitflow/core';
import { deepEqual, equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { pass } from '../support/waiting.js';
import type { DurableBench, DurableCase } from './case.js';
import { delivery, keyOf } from './delivery.js';
import { nothingDue, takeAll, takeNext } from './taking.js';

async function buryOne(bench: DurableBench): Promise<TakenDelivery> {
  await bench.store.record(delivery(1));
  const first = await takeNext(bench);
  await bench.store.retry(first, { delayMs: 0, error: 'x', succeeded: ['a'] });
  const taken = await takeNext(bench, { leaseMs: bench.leaseMs });
  equal(await bench.store.bury(taken, { error: 'hopeless', succeeded: ['b'] }), 'ok');
  return taken;
}

export const deadCases: readonly DurableCase[] = [
  {
    name: 'bury: dead with its reason, and taken by nobody',
    async run(bench) {
      await buryOne(bench);
      await pass(bench, bench.leaseMs);
      await nothingDue(bench);
      const expected = { state: 'dead', started: 2, finished: 2, lastError: 'hopeless' } as const;
      const stored = await bench.store.get(keyOf(1));
      hasFields(stored, expected, 'buried');
      sameMembers(stored?.succeeded ?? [], ['a', 'b'], 'the handlers that succeeded');
    },
  },
  {
    name: 'replay: due now, both counters at zero, successes remembered',
    async run(bench) {
      await buryOne(bench);
      equal(await bench.store.replay(keyOf(1)), true);
      hasFields(
        await bench.store.get(keyOf(1)),
        { state: 'due', started: 0, finished: 0 },
        'replayed',
      );
      const taken = await takeNext(bench);
      hasFields(taken, { started: 1, finished: 0, lapsed: false }, 'taken');
      sameMembers(taken.succeeded, ['a', 'b'], 'the handlers that succeeded');
      equal(await bench.store.complete(taken, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'replay: what was dead on arrival is taken like any other',
    async run(bench) {
      await bench.store.record(delivery(1, { dead: 'unreadable' }));
      equal(await bench.store.replay(keyOf(1)), true);
      hasFields(await takeNext(bench), { started: 1, finished: 0, lapsed: false }, 'taken');
    },
  },
  {
    name: 'replay: of ten at once one says so',
    async run(bench) {
      await buryOne(bench);
      const all = Array.from({ length: 10 }, async () => bench.store.replay(keyOf(1)));
      equal((await Promise.all(all)).filter(Boolean).length, 1);
      equal((await takeAll([bench.store], { limit: 5, most: 1 })).length, 1);
    },
  },
  {
    name: 'replay and discard: what is not theirs stays as it is',
    async run(bench) {
      const { store } = bench;
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
      await store.retry(await takeNext(bench), { delayMs: 0, error: 'x', succeeded: ['a'] });
      await bothRefused();
      const taken = await takeNext(bench);
      await bothRefused();
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      await discardRefused();
    },
  },
];
