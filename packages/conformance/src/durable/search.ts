import { deepEqual, equal } from 'node:assert/strict';
import type { DurableStore, ListFilter, NewDelivery } from '@qbitflow/core/store';
import { MOST_SEARCHED } from '@qbitflow/core/store';
import { ODD_TEXTS } from '../support/odd-texts.js';
import { sameMembers } from '../support/asserting.js';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { allPages, rejectsArgument } from './pages.js';
import {
  buryNext,
  completeNext,
  makeTombstones,
  recordAtOnce,
  recordEach,
  recordInOrder,
  takeNext,
} from './taking.js';

/** The keys that a filter finds, on all of its pages, newest first. */
async function find(store: DurableStore, filter: ListFilter): Promise<readonly string[]> {
  return keysOf(await allPages(store, { limit: 2, ...filter }));
}

/** Merchants' own words, of any characters. */
const REFERENCES = [
  ...ODD_TEXTS.filter(({ length }) => length <= 256),
  'r'.repeat(256),
  'R'.repeat(256),
  'bestellung-\u00e4',
  'bestellung-a\u0308',
  '\u6ce8\u6587 42',
  '\u{1f600}'.repeat(128),
  'two\nlines',
];

const dead = (number: number, reason: string, facts: Partial<NewDelivery> = {}): NewDelivery =>
  delivery(number, { dead: reason, ...facts });

/** When these deliveries were recorded, by the store's clock. */
async function recordedAt({ store }: DurableHarness, number: number): Promise<number> {
  return (await store.get(keyOf(number)))?.recordedAt ?? NaN;
}

export const referenceCases: readonly DurableCase[] = [
  {
    name: 'reference: comes back to get and on pages, and is absent where none was recorded',
    needs: 'searches',
    async run({ store }) {
      await store.record(delivery(1, { reference: 'order 42' }));
      await store.record(delivery(2));
      equal((await store.get(keyOf(1)))?.reference, 'order 42');
      equal((await store.get(keyOf(2)))?.reference, undefined);
      const { items } = await store.list({});
      deepEqual(new Set(items.map(({ reference }) => reference)), new Set(['order 42', undefined]));
    },
  },
  {
    name: 'reference: found by the whole text, taken literally',
    needs: 'searches',
    async run({ store }) {
      const all = REFERENCES.map((reference, index) => delivery(index + 1, { reference }));
      await recordAtOnce({ store }, [...all, delivery(900)]);
      for (const { key, reference } of all) {
        deepEqual(await find(store, { reference }), [key], `by ${reference}`);
        equal((await store.get(key))?.reference, reference);
      }
      deepEqual(await find(store, { reference: 'bestellung' }), []);
    },
  },
  {
    name: 'reference: of several deliveries all are found, newest first, page by page and with other filters',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      const mine = { reference: 'mine' };
      const all = [delivery(1, mine), delivery(2), delivery(3, mine), delivery(4, mine)];
      await recordEach(harness, [...all, dead(5, 'x', { ...mine, type: 'refund.completed' })]);
      await completeNext(harness);
      deepEqual(await find(store, { ...mine, limit: 1 }), [5, 4, 3, 1].map(keyOf));
      deepEqual(await find(store, { ...mine, state: 'due' }), [4, 3].map(keyOf));
      deepEqual(await find(store, { ...mine, state: 'done' }), [keyOf(1)]);
      deepEqual(await find(store, { ...mine, type: 'refund.completed' }), [keyOf(5)]);
      deepEqual(await find(store, { ...mine, subject: delivery(3).subject }), [keyOf(3)]);
    },
  },
  {
    name: 'reference: kept through every state, and gone with the delivery',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      const reference = 'mine';
      await store.record(delivery(1, { reference }));
      const still = async (what: string) =>
        deepEqual(await find(store, { reference }), [keyOf(1)], what);
      await store.retry(await takeNext(harness), { delayMs: 0, error: 'x', succeeded: [] });
      await still('due again');
      await buryNext(harness);
      await still('dead');
      await store.replay(keyOf(1));
      await still('replayed');
      await buryNext(harness);
      await store.discard(keyOf(1));
      await makeTombstones(harness, [delivery(2, { reference })]);
      deepEqual(await find(store, { reference }), []);
    },
  },
  {
    name: 'reference: a duplicate brings none',
    needs: 'searches',
    async run({ store }) {
      await store.record(delivery(1, { reference: 'first' }));
      await store.record(delivery(1, { reference: 'second' }));
      equal((await store.get(keyOf(1)))?.reference, 'first');
      deepEqual(await find(store, { reference: 'second' }), []);
    },
  },
];

export const timeRangeCases: readonly DurableCase[] = [
  {
    name: 'time range: at or after the one, before the other',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3, 4, 5);
      const [second, fourth] = [await recordedAt(harness, 2), await recordedAt(harness, 4)];
      deepEqual(await find(store, { recordedFrom: second }), [5, 4, 3, 2].map(keyOf));
      deepEqual(await find(store, { recordedUntil: second }), [keyOf(1)]);
      deepEqual(
        await find(store, { recordedFrom: second, recordedUntil: fourth }),
        [3, 2].map(keyOf),
      );
      deepEqual(await find(store, { recordedFrom: second + 0.5 }), [5, 4, 3].map(keyOf));
      deepEqual(await find(store, { recordedFrom: fourth, recordedUntil: second }), []);
      deepEqual(await find(store, { recordedFrom: second, recordedUntil: second }), []);
    },
  },
  {
    name: 'time range: what happens to a delivery later does not move it',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2, 3);
      const second = await recordedAt(harness, 2);
      await completeNext(harness);
      await store.replay(keyOf(1));
      deepEqual(await find(store, { recordedUntil: second }), [keyOf(1)]);
      deepEqual(await find(store, { recordedUntil: second, state: 'due' }), [keyOf(1)]);
    },
  },
  {
    name: 'time range: ends that lie far away leave nothing out, or everything',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      await recordInOrder(harness, 1, 2);
      const all = [2, 1].map(keyOf);
      for (const recordedFrom of [0, -1, -1e300, -Infinity])
        deepEqual(await find(store, { recordedFrom }), all, `from ${recordedFrom}`);
      for (const recordedUntil of [1e15, 1e300, Infinity])
        deepEqual(await find(store, { recordedUntil }), all, `until ${recordedUntil}`);
      for (const recordedFrom of [1e15, 1e300, Infinity])
        deepEqual(await find(store, { recordedFrom }), [], `from ${recordedFrom}`);
      for (const recordedUntil of [0, -Infinity])
        deepEqual(await find(store, { recordedUntil }), [], `until ${recordedUntil}`);
    },
  },
  {
    name: 'time range: a time, a reference or an error that cannot be is misconfigured',
    needs: 'searches',
    async run(harness) {
      await recordInOrder(harness, 1);
      for (const name of ['recordedFrom', 'recordedUntil'])
        for (const value of [NaN, '2026-01-01', null, new Date(0)])
          await rejectsArgument(harness.store, { [name]: value }, name);
      for (const name of ['reference', 'error'])
        for (const value of [null, 7, {}])
          await rejectsArgument(harness.store, { [name]: value }, name);
    },
  },
];

export const errorSearchCases: readonly DurableCase[] = [
  {
    name: 'error search: by a part of the last error, whatever the case of its letters',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, [
        dead(1, 'ship: Warehouse\nis CLOSED'),
        dead(2, 'mail: no'),
        delivery(3),
      ]);
      for (const error of [
        'warehouse',
        'WAREHOUSE',
        'Warehouse\nis c',
        'ship: Warehouse\nis CLOSED',
      ])
        deepEqual(await find(store, { error }), [keyOf(1)], error);
      deepEqual(await find(store, { error: ': ' }), [2, 1].map(keyOf));
      deepEqual(await find(store, { error: 'warehouse is' }), []);
      deepEqual(await find(store, { error: '' }), [3, 2, 1].map(keyOf), 'no text is no filter');
    },
  },
  {
    name: 'error search: texts are taken literally',
    needs: 'searches',
    async run({ store }) {
      const texts = [
        ...ODD_TEXTS.filter(({ length }) => length < 100),
        'gr\u00f6\u00dfe',
        '\u{1f600}',
      ];
      const all = texts.map((text, index) => dead(index + 1, `>${text}<`));
      await recordAtOnce({ store }, all);
      for (const text of texts)
        for (const error of [text, `>${text}<`]) {
          const part = error.toLowerCase();
          const expected = all.filter(({ dead: said = '' }) => said.toLowerCase().includes(part));
          sameMembers(await find(store, { error, limit: 100 }), keysOf(expected), `by ${error}`);
        }
    },
  },
  {
    name: 'error search: the last error counts, of whatever ending, and stays over a replay',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await store.retry(await takeNext(harness), { delayMs: 0, error: 'first', succeeded: [] });
      deepEqual(await find(store, { error: 'first' }), [keyOf(1)]);
      await store.bury(await takeNext(harness), { error: 'second', succeeded: [] });
      deepEqual(await find(store, { error: 'first' }), []);
      await store.replay(keyOf(1));
      deepEqual(await find(store, { error: 'second', state: 'due' }), [keyOf(1)]);
      await store.record(delivery(2, { unhandled: 'test money' }));
      deepEqual(await find(store, { error: 'MONEY', unhandled: true }), [keyOf(2)]);
    },
  },
  {
    name: 'error search: a page looks so far and no further, and its cursor goes on from there',
    needs: 'searches',
    async run({ store }) {
      // What is done takes no room among what a store lets wait.
      const seen = (number: number, unhandled: string) => delivery(number, { unhandled });
      await store.record(seen(1, 'the needle'));
      const others = MOST_SEARCHED + 20;
      // In bursts, as a store is used to them.
      for (let first = 2; first <= others; first += 500) {
        const count = Math.min(500, others + 1 - first);
        const burst = Array.from({ length: count }, (_, index) => seen(first + index, 'hay'));
        await recordAtOnce({ store }, burst);
      }
      const filter = { error: 'needle', state: 'done', limit: 10 } as const;
      const { items, nextCursor } = await store.list(filter);
      deepEqual(keysOf(items), [], 'looked further than it may');
      equal(typeof nextCursor, 'string', 'an end that is none');
      deepEqual(keysOf(await allPages(store, filter)), [keyOf(1)]);
    },
  },
];

export const togetherCases: readonly DurableCase[] = [
  {
    name: 'filters together: every one of them counts, page by page',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      const mine = { reference: 'mine', type: 'refund.completed', subject: 'pay@1' };
      const no = 'Warehouse closed';
      await recordEach(harness, [
        dead(1, no, mine),
        dead(2, no, mine),
        dead(3, 'other', mine),
        dead(4, no, { ...mine, reference: 'theirs' }),
        dead(5, no, { ...mine, type: 'payment.completed' }),
        dead(6, no, { ...mine, subject: 'pay@2' }),
        delivery(7, mine),
        dead(8, no, mine),
        dead(9, no, mine),
      ]);
      const recordedFrom = await recordedAt(harness, 2);
      const recordedUntil = await recordedAt(harness, 9);
      const all = { ...mine, state: 'dead', error: 'closed', recordedFrom, recordedUntil } as const;
      deepEqual(await find(store, { ...all, limit: 1 }), [8, 2].map(keyOf));
    },
  },
  {
    name: 'filters together: pages stay whole while others are recorded and change state',
    needs: 'searches',
    async run(harness) {
      const { store } = harness;
      const all = Array.from({ length: 24 }, (_, index) =>
        dead(index + 1, index % 3 === 0 ? 'No stock' : 'other', {
          reference: index % 2 === 0 ? 'even' : undefined,
        }),
      );
      await recordEach(harness, all);
      const recordedFrom = await recordedAt(harness, 3);
      const filter = { state: 'dead', error: 'stock', reference: 'even', recordedFrom } as const;
      // 7, 13 and 19: number 1 came too early.
      const expected = [19, 13, 7].map(keyOf);
      const items = await allPages(store, { ...filter, limit: 1 }, async (page) => {
        await store.record(dead(100 + page, 'no stock', { reference: 'even' }));
        await store.replay(keyOf(19 - 6 * page));
      });
      deepEqual(keysOf(items), expected);
    },
  },
];
