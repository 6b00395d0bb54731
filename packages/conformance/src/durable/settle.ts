import { deepEqual, equal, ok } from 'node:assert/strict';
import type { TypeFilter } from '@qbitflow/core';
import { hasFields, sameBytes, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { pass, startWatch, tick } from '../support/waiting.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  buryNext,
  completeNext,
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
async function settle({ store }: DurableHarness, types: TypeFilter): Promise<string[]> {
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
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, mixed.slice(0, 1));
      const dueAt = (await store.get(keyOf(1)))?.at ?? 0;
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 1);
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'done', unhandled: true, started: 0, succeeded: [] }, 'settled');
      ok((stored?.at ?? 0) > dueAt, 'it is done since now');
      await nothingDue(harness);
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'done' });
      const { due, done, unhandled } = await store.stats();
      deepEqual({ due, done, unhandled }, { due: 0, done: 1, unhandled: 1 });
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
    },
  },
  {
    name: 'settleUnhandled: of the named types only',
    async run(harness) {
      await recordEach(harness, mixed);
      deepEqual(await settle(harness, { only: [] }), []);
      deepEqual(await settle(harness, { only: ['unknown'] }), []);
      deepEqual(
        await settle(harness, { except: ['refund.completed', 'payment.completed', 'unknown'] }),
        [keyOf(3)],
      );
      deepEqual(await settle(harness, REFUNDS), [1, 3, 4].map(keyOf));
      equal((await takeNext(harness)).key, keyOf(2));
      await nothingDue(harness);
    },
  },
  {
    name: 'settleUnhandled: types are whole texts, taken literally',
    async run(harness) {
      const all = ODD_TEXTS.map((type, index) => delivery(index, { type }));
      await recordAtOnce(harness, all);
      await tick(harness);
      for (const [index, type] of ODD_TEXTS.entries()) {
        const others = ODD_TEXTS.filter((text) => text !== type);
        const types = index % 2 === 0 ? { only: [type] } : { except: others };
        equal(await harness.store.settleUnhandled({ types, dueForMs: 0, limit: 9 }), 1, type);
        equal((await harness.store.get(keyOf(index)))?.unhandled, true, type);
      }
    },
  },
  {
    name: 'settleUnhandled: what has not been due for long enough stays',
    async run(harness) {
      await recordEach(harness, mixed);
      for (const dueForMs of [LONG_LEASE_MS, Number.MAX_SAFE_INTEGER, Infinity])
        equal(await harness.store.settleUnhandled({ types: ALL, dueForMs, limit: 10 }), 0);
      equal((await harness.store.stats()).due, 4);
    },
  },
  {
    name: 'settleUnhandled: counts from when it was recorded or replayed',
    async run(harness) {
      const { store, leaseMs } = harness;
      await recordEach(harness, [delivery(1), delivery(2, { dead: 'unreadable' })]);
      await pass(harness, leaseMs * 2);
      const watch = startWatch();
      await store.record(delivery(3));
      await store.replay(keyOf(2));
      const settled = await store.settleUnhandled({ types: ALL, dueForMs: leaseMs * 2, limit: 10 });
      equal((await store.get(keyOf(1)))?.unhandled, true, 'recorded long ago');
      // A machine that stalled in between has made the others old enough too: nothing can be said then.
      if (watch.elapsedMs() < leaseMs * 2) equal(settled, 1);
    },
  },
  {
    name: 'settleUnhandled: all of one subject, those too that takers passed over',
    async run(harness) {
      await recordAtOnce(
        harness,
        deliveries(5).map((one) => ({ ...one, subject: 'sub@1' })),
      );
      await nothingDue(harness, { exceptSubjects: ['sub@1'] });
      await tick(harness);
      equal(await harness.store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 5);
      equal((await harness.store.stats()).unhandled, 5);
      await nothingDue(harness);
    },
  },
  {
    name: 'settleUnhandled: up to the limit, and tells how many',
    async run(harness) {
      await recordAtOnce(harness, deliveries(5));
      await tick(harness);
      const step = async () => harness.store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 2 });
      deepEqual([await step(), await step(), await step(), await step()], [2, 2, 1, 0]);
      equal((await harness.store.stats()).unhandled, 5);
    },
  },
  {
    name: 'settleUnhandled: never what is running, done or dead, lapsed leases neither',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, deliveries(4));
      await completeNext(harness);
      await buryNext(harness);
      const lapsed = await takeAndLapse(harness);
      const taken = await takeNext(harness, { lapsedLimit: 0 });
      await tick(harness);
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
      const { running, done, dead, unhandled } = await store.stats();
      deepEqual([running, done, dead, unhandled], [2, 1, 1, 0]);
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      equal((await takeNext(harness)).key, lapsed.key);
    },
  },
  {
    name: 'settleUnhandled: a retry that still waits for its time is not due',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, [delivery(1)]);
      const weekend = { delayMs: LONG_LEASE_MS, error: 'closed', succeeded: ['a'] };
      equal(await store.retry(await takeNext(harness), weekend), 'ok');
      await tick(harness);
      equal(await store.settleUnhandled({ types: ALL, dueForMs: 0, limit: 10 }), 0);
      hasFields(await store.get(keyOf(1)), { state: 'due', succeeded: ['a'] }, 'left waiting');
    },
  },
  {
    name: 'settleUnhandled: a replay hands it to a handler, its body whole',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      const raw = Uint8Array.from({ length: 256 }, (_, index) => index);
      await recordEach(harness, [delivery(1, { raw })]);
      deepEqual(await settle(harness, ALL), [keyOf(1)]);
      equal(await store.replay(keyOf(1)), true);
      const taken = await completeNext(harness);
      hasFields(taken, { started: 1, finished: 0, lapsed: false, succeeded: [] }, 'taken');
      sameBytes(taken.raw, raw);
      deepEqual(await settle(harness, ALL), []);
    },
  },
  {
    name: 'settleUnhandled: at once with takers and others, each is either settled or taken',
    async run(harness) {
      const { store } = harness;
      const all = deliveries(80);
      await recordAtOnce(harness, all);
      await tick(harness);
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
