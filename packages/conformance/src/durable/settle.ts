import type { TypeFilter } from '@qbitflow/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { hasFields, sameBytes, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import { pass, startWatch, tick } from '../support/waiting.js';
import type { DurableBench, DurableCase } from './case.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  buryNext,
  completeNext,
  LONG_LEASE_MS,
  nothingDue,
  recordAtOnce,
  recordEach,
  takeAll,
  takeAndLapse,
  takeNext,
} from './taking.js';

const REFUNDS: TypeFilter = { only: ['refund.completed'] };
const ALL: TypeFilter = { except: [] };

/** Settles what is of these types, however long it has been due; resolves with the keys that are unhandled now. */
async function settle({ store }: DurableBench, types: TypeFilter): Promise<string[]> {
  await store.settleUnhandled({ types, dueForMs: 0, limit: 100 });
  return keysOf((await store.list({ unhandled: true, limit: 1_000 })).items).toSorted();
}

const mixed = [
  delivery(1, { type: 'refund.completed' }),
  delivery(2),
  delivery(3, { type: 'subscription.billed' }),
  delivery(4, { type: 'refund.completed' }),
];

export const settleCases: readonly DurableCase[] = [
  {
    name: 'settleUnhandled: done, untouched and unhandled, and taken by nobody any more',
    async run(bench) {
      const { store } = bench;
      await recordEach(bench, mixed.slice(0, 1));
      const dueAt = (await store.get(keyOf(1)))?.at ?? 0;
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 1);
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'done', unhandled: true, started: 0, succeeded: [] }, 'settled');
      ok((stored?.at ?? 0) > dueAt, 'it is done since now');
      await nothingDue(bench);
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'done' });
      const { due, done, unhandled } = await store.stats();
      deepEqual({ due, done, unhandled }, { due: 0, done: 1, unhandled: 1 });
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
    },
  },
  {
    name: 'settleUnhandled: of the named types only',
    async run(bench) {
      await recordEach(bench, mixed);
      deepEqual(await settle(bench, { only: [] }), []);
      deepEqual(await settle(bench, { only: ['unknown'] }), []);
      deepEqual(
        await settle(bench, { except: ['refund.completed', 'payment.completed', 'unknown'] }),
        [keyOf(3)],
      );
      deepEqual(await settle(bench, REFUNDS), [1, 3, 4].map(keyOf));
      equal((await takeNext(bench)).key, keyOf(2));
      await nothingDue(bench);
    },
  },
  {
    name: 'settleUnhandled: types are whole texts, taken literally',
    async run(bench) {
      const all = ODD_TEXTS.map((type, index) => delivery(index, { type }));
      await recordAtOnce(bench, all);
      await tick(bench);
      for (const [index, type] of ODD_TEXTS.entries()) {
        const others = ODD_TEXTS.filter((text) => text !== type);
        const types = index % 2 === 0 ? { only: [type] } : { except: others };
        equal(await bench.store.settleUnhandled({ types, dueForMs: 0, limit: 9 }), 1, type);
        equal((await bench.store.get(keyOf(index)))?.unhandled, true, type);
      }
    },
  },
  {
    name: 'settleUnhandled: what has not been due for long enough stays',
    async run(bench) {
      await recordEach(bench, mixed);
      for (const dueForMs of [LONG_LEASE_MS, Number.MAX_SAFE_INTEGER, Infinity])
        equal(await bench.store.settleUnhandled({ types: ALL, dueForMs, limit: 10 }), 0);
      equal((await bench.store.stats()).due, 4);
    },
  },
  {
    name: 'settleUnhandled: counts from when it was recorded or replayed',
    async run(bench) {
      const { store, leaseMs } = bench;
      await recordEach(bench, [delivery(1), delivery(2)]);
      const retry = { delayMs: 0, error: 'x', succeeded: [], counted: false };
      await pass(bench, leaseMs * 2);
      await store.retry(await takeNext(bench), retry);
      const watch = startWatch();
      await store.record(delivery(3));
      await buryNext(bench, { exceptSubjects: [delivery(1).subject, delivery(3).subject] });
      await store.replay(keyOf(2));
      await store.settleUnhandled({ types: ALL, dueForMs: leaseMs * 2, limit: 10 });
      const elapsedMs = watch.elapsedMs();
      equal((await store.get(keyOf(1)))?.unhandled, true, 'recorded long ago, handed back now');
      // A machine that stalled in between has made the others old enough too: nothing can be said then.
      if (elapsedMs < leaseMs * 2)
        deepEqual([(await store.stats()).due, (await store.stats()).done], [2, 1]);
    },
  },
  {
    name: 'settleUnhandled: up to the limit, and tells how many',
    async run(bench) {
      await recordAtOnce(bench, deliveries(5));
      await tick(bench);
      const step = async () => bench.store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 2 });
      deepEqual([await step(), await step(), await step(), await step()], [2, 2, 1, 0]);
      equal((await bench.store.stats()).unhandled, 5);
    },
  },
  {
    name: 'settleUnhandled: never what is running, done or dead, lapsed leases neither',
    async run(bench) {
      const { store } = bench;
      await recordEach(bench, deliveries(4));
      await completeNext(bench);
      await buryNext(bench);
      const lapsed = await takeAndLapse(bench);
      const taken = await takeNext(bench, { lapsedLimit: 0 });
      await tick(bench);
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
      const { running, done, dead, unhandled } = await store.stats();
      deepEqual([running, done, dead, unhandled], [2, 1, 1, 0]);
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      equal((await takeNext(bench)).key, lapsed.key);
    },
  },
  {
    name: 'settleUnhandled: a retry that still waits for its time is not due',
    async run(bench) {
      const { store } = bench;
      await recordEach(bench, [delivery(1)]);
      const weekend = { delayMs: LONG_LEASE_MS, error: 'closed', succeeded: ['a'] };
      equal(await store.retry(await takeNext(bench), weekend), 'ok');
      await tick(bench);
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
      hasFields(await store.get(keyOf(1)), { state: 'due', succeeded: ['a'] }, 'left waiting');
    },
  },
  {
    name: 'settleUnhandled: a replay hands it to a handler, its body whole',
    needs: 'keepsDoneBodies',
    async run(bench) {
      const { store } = bench;
      const raw = Uint8Array.from({ length: 256 }, (_, index) => index);
      await recordEach(bench, [delivery(1, { raw })]);
      deepEqual(await settle(bench, ALL), [keyOf(1)]);
      equal(await store.replay(keyOf(1)), true);
      const taken = await completeNext(bench);
      hasFields(taken, { started: 1, finished: 0, lapsed: false, succeeded: [] }, 'taken');
      sameBytes(taken.raw, raw);
      deepEqual(await settle(bench, ALL), []);
    },
  },
  {
    name: 'settleUnhandled: at once with takers and others, each is either settled or taken',
    async run(bench) {
      const { store } = bench;
      const all = deliveries(80);
      await recordAtOnce(bench, all);
      await tick(bench);
      const settleAll = async (): Promise<number> => {
        let settled = 0;
        for (let more = 1; more > 0; settled += more)
          more = await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 3 });
        return settled;
      };
      const [taken, one, two] = await Promise.all([
        takeAll([store], { limit: 3, most: 80 }),
        settleAll(),
        settleAll(),
      ]);
      const { items } = await store.list({ unhandled: true, limit: 1_000 });
      equal(items.length, one + two, 'settled');
      sameMembers([...keysOf(items), ...keysOf(taken)], keysOf(all), 'settled and taken');
      const outcomes = taken.map(async (claim) => store.complete(claim, { succeeded: [] }));
      for (const outcome of await Promise.all(outcomes)) equal(outcome, 'ok');
      equal((await store.stats()).unhandled, one + two);
    },
  },
];
