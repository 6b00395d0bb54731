import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { ListFilter } from '@qbitflow/core';
import { hasFields, sameBytes } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { completeNext, nothingDue, recordInOrder, takeNext } from './taking.js';

const TEST_MONEY = 'test money in a live shop';

const unhandled = (number: number, type = 'payment.completed') =>
  delivery(number, { type, unhandled: TEST_MONEY });

async function unhandledIn({ store }: DurableHarness, filter: ListFilter = {}): Promise<string[]> {
  const { items } = await store.list({ ...filter, unhandled: true });
  return keysOf(items).toSorted();
}

export const unhandledCases: readonly DurableCase[] = [
  {
    name: 'unhandled: recorded as done, with its reason, and taken by nobody',
    async run(harness) {
      const { store } = harness;
      deepEqual(await store.record(unhandled(1)), { status: 'recorded' });
      await nothingDue(harness);
      const expected = { state: 'done', unhandled: true, lastError: TEST_MONEY } as const;
      const stored = await store.get(keyOf(1));
      hasFields(stored, { ...expected, started: 0, finished: 0, succeeded: [] }, 'get');
      hasFields((await store.list({})).items[0], { ...expected, key: keyOf(1) }, 'list');
      deepEqual(await store.record(unhandled(1)), { status: 'duplicate', state: 'done' });
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'done' });
      equal(await store.discard(keyOf(1)), false);
    },
  },
  {
    name: 'unhandled: what a handler has seen is not, in whatever state',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3, 4);
      await completeNext(harness);
      await store.bury(await takeNext(harness), { error: 'x', succeeded: [] });
      await takeNext(harness);
      deepEqual(await unhandledIn(harness), []);
      equal((await store.stats()).unhandled, 0);
      for (const number of [1, 2, 3, 4])
        notEqual((await store.get(keyOf(number)))?.unhandled, true);
    },
  },
  {
    name: 'unhandled: listed alone and with other filters, page by page',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1);
      await completeNext(harness);
      await store.record(unhandled(2));
      await store.record(unhandled(3, 'refund.completed'));
      await store.record(unhandled(4));
      await store.record(delivery(5, { dead: 'unreadable' }));
      await store.record(delivery(6));
      deepEqual(await unhandledIn(harness), [2, 3, 4].map(keyOf));
      deepEqual(await unhandledIn(harness, { type: 'payment.completed' }), [2, 4].map(keyOf));
      deepEqual(await unhandledIn(harness, { subject: delivery(3).subject }), [keyOf(3)]);
      deepEqual(await unhandledIn(harness, { state: 'done' }), [2, 3, 4].map(keyOf));
      deepEqual(await unhandledIn(harness, { state: 'dead' }), []);
      deepEqual(await unhandledIn(harness, { type: 'unknown' }), []);
      const first = await store.list({ unhandled: true, limit: 2 });
      const cursor = first.nextCursor;
      const second = await store.list({ unhandled: true, limit: 2, cursor });
      deepEqual(keysOf([...first.items, ...second.items]).toSorted(), [2, 3, 4].map(keyOf));
      equal(second.nextCursor, undefined);
    },
  },
  {
    name: 'unhandled: counted in stats, with due ones of types that nobody handles where asked',
    async run(harness) {
      const { store } = harness;
      await store.record(unhandled(1));
      await store.record(unhandled(2, 'refund.completed'));
      await recordInOrder(harness, 3, 4);
      await store.record(delivery(5, { type: 'refund.completed' }));
      await store.record(delivery(6, { type: 'refund.completed', dead: 'unreadable' }));
      const unseen = async (options?: Parameters<typeof store.stats>[0]) =>
        (await store.stats(options)).unhandled;
      equal(await unseen(), 2);
      equal(await unseen({}), 2);
      equal(await unseen({ handled: undefined }), 2);
      equal(await unseen({ handled: { only: ['payment.completed'] } }), 3);
      equal(await unseen({ handled: { only: ['refund.completed', 'other'] } }), 4);
      equal(await unseen({ handled: { only: [] } }), 5);
      equal(await unseen({ handled: { except: [] } }), 2);
      equal(await unseen({ handled: { except: ['payment.completed'] } }), 4);
      const { due, done, dead } = await store.stats({ handled: { only: [] } });
      deepEqual({ due, done, dead }, { due: 3, done: 2, dead: 1 });
    },
  },
  {
    name: 'unhandled: pruned like everything that is done',
    async run(harness) {
      const { store } = harness;
      await store.record(unhandled(1));
      await tick(harness);
      equal(await store.prune({ doneForMs: 600_000, limit: 10 }), 0);
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      deepEqual(await unhandledIn(harness), []);
      equal((await store.stats()).unhandled, 0);
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'done' });
    },
  },
  {
    name: 'unhandled: a replay hands it to a handler, and it is unhandled no more',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      const raw = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.record({ ...unhandled(1), raw });
      equal(await store.replay(keyOf(1)), true);
      notEqual((await store.get(keyOf(1)))?.unhandled, true);
      deepEqual([await unhandledIn(harness), (await store.stats()).unhandled], [[], 0]);
      const taken = await completeNext(harness);
      hasFields(taken, { key: keyOf(1), started: 1, finished: 0, lapsed: false }, 'taken');
      sameBytes(taken.raw, raw);
      notEqual((await store.get(keyOf(1)))?.unhandled, true);
      deepEqual([await unhandledIn(harness), (await store.stats()).unhandled], [[], 0]);
    },
  },
  {
    name: 'unhandled: in a burst with others each is what it should be',
    async run(harness) {
      const { store } = harness;
      const burst = [delivery(1), unhandled(2), delivery(3, { dead: 'no' }), unhandled(4)];
      const outcomes = await Promise.all(
        [...burst, ...burst].map(async (one) => store.record(one)),
      );
      equal(outcomes.filter(({ status }) => status === 'recorded').length, 4);
      const states = [1, 2, 3, 4].map(async (number) => (await store.get(keyOf(number)))?.state);
      deepEqual(await Promise.all(states), ['due', 'done', 'dead', 'done']);
      deepEqual(await unhandledIn(harness), [2, 4].map(keyOf));
    },
  },
  {
    name: 'unhandled: a restart keeps it',
    needs: 'survivesRestart',
    async run(harness) {
      await harness.store.record(unhandled(1));
      const store = await harness.reopen();
      const expected = { state: 'done', unhandled: true, lastError: TEST_MONEY } as const;
      hasFields(await store.get(keyOf(1)), expected, 'reopened');
      deepEqual([(await store.stats()).unhandled, (await store.stats()).due], [1, 0]);
    },
  },
];
