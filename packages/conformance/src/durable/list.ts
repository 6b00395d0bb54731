import { deepEqual, equal } from 'node:assert/strict';
import { toPage, type ListFilter, type StoredDelivery } from '@qbitflow/core/store';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { allPages, rejectsArgument } from './pages.js';
import { recordInOrder, takeNext } from './taking.js';

/** The cursor changed at one place after the other, cut and lengthened. */
function damaged(cursor: string): readonly string[] {
  const changed = Array.from(cursor, (character, at) => {
    const other = character === '7' ? '8' : '7';
    return cursor.slice(0, at) + other + cursor.slice(at + 1);
  });
  return [...changed, cursor.slice(1), cursor.slice(0, -1), `${cursor}0`, ` ${cursor}`];
}

/** A cursor as a store of another kind gives it. */
function foreignCursor(item: StoredDelivery): string {
  const rows = { rows: [item, item], read: () => item, sequenceOf: () => '7' };
  const { nextCursor } = toPage('another', { limit: 1, below: undefined }, rows);
  return String(nextCursor);
}

export const listCases: readonly DurableCase[] = [
  {
    name: 'list: newest first, a page at a time, no cursor after the last',
    async run(harness) {
      await recordInOrder(harness, 2, 1, 4, 3);
      const first = await harness.store.list({ limit: 2 });
      const second = await harness.store.list({ limit: 2, cursor: first.nextCursor });
      deepEqual(
        [first, second].map(({ items }) => keysOf(items)),
        [
          [keyOf(3), keyOf(4)],
          [keyOf(1), keyOf(2)],
        ],
      );
      equal(typeof first.nextCursor, 'string');
      equal(second.nextCursor, undefined);
    },
  },
  {
    name: 'list: an empty store has one empty page',
    async run({ store }) {
      const { items, nextCursor } = await store.list({});
      deepEqual({ items: [...items], nextCursor }, { items: [], nextCursor: undefined });
    },
  },
  {
    name: 'list: pages of a burst have no gaps and no doubles',
    async run({ store }) {
      const all = deliveries(55);
      await Promise.all(all.map(async (one) => store.record(one)));
      sameMembers(keysOf(await allPages(store, { limit: 7 })), keysOf(all), 'the pages');
    },
  },
  {
    name: 'list: pages stay whole while others are recorded and change state',
    async run(harness) {
      const { store } = harness;
      await Promise.all(deliveries(20).map(async (one) => store.record(one)));
      const items = await allPages(store, { limit: 3 }, async (page) => {
        await store.record(delivery(100 + page));
        const taken = await takeNext(harness);
        if (page % 2 === 0) await store.complete(taken, { succeeded: [] });
        else await store.bury(taken, { error: 'x', succeeded: [] });
      });
      equal(new Set(keysOf(items)).size, items.length, 'a delivery is on two pages');
      const old = keysOf(items).filter((key) => key < keyOf(100));
      sameMembers(old, keysOf(deliveries(20)), 'the pages');
    },
  },
  {
    name: 'list: filters by state, type and subject, alone and together, page by page',
    async run(harness) {
      const { store } = harness;
      const billed = { type: 'subscription.billed', subject: 'sub@1' };
      await recordInOrder(harness, 1, 2, 3);
      await store.record(delivery(4, billed));
      await store.record(delivery(5, { ...billed, type: 'refund.completed' }));
      await store.record(delivery(6, { ...billed, dead: 'unreadable' }));
      await store.complete(await takeNext(harness), { succeeded: [] });
      await takeNext(harness);
      const find = async (filter: ListFilter) =>
        keysOf(await allPages(store, { ...filter, limit: 1 })).toSorted();
      deepEqual(await find({ state: 'done' }), [keyOf(1)]);
      deepEqual(await find({ state: 'running' }), [keyOf(2)]);
      deepEqual(await find({ state: 'due' }), [keyOf(3), keyOf(4), keyOf(5)]);
      deepEqual(await find({ state: 'dead' }), [keyOf(6)]);
      deepEqual(await find({ type: 'subscription.billed' }), [keyOf(4), keyOf(6)]);
      deepEqual(await find({ subject: 'sub@1' }), [keyOf(4), keyOf(5), keyOf(6)]);
      deepEqual(await find({ subject: 'sub@1', type: 'subscription.billed', state: 'due' }), [
        keyOf(4),
      ]);
      deepEqual(await find({ type: 'unknown' }), []);
    },
  },
  {
    name: 'list: leaves the bodies out and tells everything else',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      await harness.store.bury(taken, { error: 'hopeless', succeeded: ['a'] });
      const [item] = (await harness.store.list({})).items;
      equal(item?.raw.length, 0, 'list carries bodies');
      const expected = { state: 'dead', lastError: 'hopeless', started: 1, finished: 1 } as const;
      hasFields(item, { ...expected, succeeded: ['a'] }, 'listed');
    },
  },
  {
    name: 'list: fifty a page unless asked for, a thousand at most',
    async run({ store }) {
      const all = deliveries(1_001);
      await Promise.all(all.map(async (one) => store.record(one)));
      const [usual, most] = [await store.list({}), await store.list({ limit: 1e9 })];
      deepEqual([usual.items.length, most.items.length], [50, 1_000]);
      const rest = await store.list({ limit: 5_000, cursor: most.nextCursor });
      const keys = keysOf([...most.items, ...rest.items]);
      sameMembers(keys, keysOf(all), 'both pages');
    },
  },
  {
    name: 'list: a limit that is no whole number from 1 on is misconfigured',
    async run(harness) {
      await recordInOrder(harness, 1, 2);
      for (const limit of [0, -1, 1.5, NaN, Infinity, -Infinity, '2', null])
        await rejectsArgument(harness.store, { limit }, 'limit');
      deepEqual(keysOf((await harness.store.list({ limit: 1 })).items), [keyOf(2)]);
    },
  },
  {
    name: 'list: a damaged or foreign cursor is misconfigured, and no empty page',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3);
      const { items, nextCursor } = await store.list({ limit: 1 });
      const [item] = items;
      if (item === undefined || nextCursor === undefined) throw new Error('list gives no pages');
      const foreign = [foreignCursor(item), '', '7', '-7', 'null', 'e30=', null, 7];
      for (const cursor of [...damaged(nextCursor), ...foreign])
        await rejectsArgument(store, { limit: 1, cursor }, 'cursor');
      deepEqual(keysOf((await store.list({ limit: 1, cursor: nextCursor })).items), [keyOf(2)]);
    },
  },
];
