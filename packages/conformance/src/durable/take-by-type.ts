import { deepEqual, equal } from 'node:assert/strict';
import type { TypeFilter } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import type { DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  nothingDue,
  recordAtOnce,
  recordEach,
  takeAndLapse,
  takeBatch,
  takeNext,
  takesInOrder,
} from './taking.js';

const REFUND = 'refund.completed';
const BILL = 'subscription.billed';
const REFUNDS: TypeFilter = { only: [REFUND] };
const NO_REFUNDS: TypeFilter = { except: [REFUND] };

/** Payments, refunds and bills, one after the other. */
const mixed = Array.from({ length: 9 }, (_, index) =>
  delivery(index + 1, { type: ['payment.completed', REFUND, BILL][index % 3] ?? '' }),
);

const ofType = (...types: string[]) => mixed.filter(({ type }) => types.includes(type));

export const takeByTypeCases: readonly DurableCase[] = [
  {
    name: 'takeDue by type: only the wanted ones, the oldest first across types',
    async run(harness) {
      await recordEach(harness, mixed);
      const types = { only: [REFUND, 'payment.completed', 'never.sent'] };
      await takesInOrder(harness.store, ofType(REFUND, 'payment.completed'), { types, limit: 4 });
      await takesInOrder(harness.store, ofType(BILL));
    },
  },
  {
    name: 'takeDue by type: all but the unwanted ones, the oldest first across types',
    async run(harness) {
      await recordEach(harness, mixed);
      const types = { except: [REFUND, 'never.sent'] };
      await takesInOrder(harness.store, ofType(BILL, 'payment.completed'), { types, limit: 4 });
      await takesInOrder(harness.store, ofType(REFUND));
    },
  },
  {
    name: 'takeDue by type: only none is nothing, all but none is everything',
    async run(harness) {
      await recordEach(harness, mixed);
      await nothingDue(harness, { types: { only: [] } });
      await nothingDue(harness, { types: { only: ['never.sent'] } });
      await nothingDue(harness, { types: { except: ['payment.completed', REFUND, BILL] } });
      await takesInOrder(harness.store, mixed, { types: { except: [] }, limit: 4 });
    },
  },
  {
    name: 'takeDue by type: what nobody wanted stays due and untouched for others',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, [delivery(1, { type: REFUND }), delivery(2)]);
      const before = await store.get(keyOf(1));
      for (let round = 0; round < 3; round += 1)
        await takeBatch(store, { types: NO_REFUNDS, limit: 1 });
      deepEqual(await store.get(keyOf(1)), before);
      const taken = await takeNext(harness, { types: REFUNDS });
      hasFields(taken, { key: keyOf(1), started: 1, finished: 0, lapsed: false }, 'for others');
    },
  },
  {
    name: 'takeDue by type: a lapsed lease is taken over by those who want the type',
    async run(harness) {
      await recordEach(harness, [delivery(1, { type: REFUND })]);
      await takeAndLapse(harness);
      await nothingDue(harness, { types: NO_REFUNDS });
      await nothingDue(harness, { types: { only: ['payment.completed'] } });
      hasFields(await takeNext(harness, { types: REFUNDS }), { lapsed: true }, 'taken over');
    },
  },
  {
    name: 'takeDue by type: what is due again is of the same type as before',
    async run(harness) {
      const { store } = harness;
      const again = [
        async () =>
          store.retry(await takeNext(harness), { delayMs: 10, error: 'x', succeeded: [] }),
        async () =>
          store.retry(await takeNext(harness), {
            delayMs: 0,
            counted: false,
            error: 'x',
            succeeded: [],
          }),
        async () => store.bury(await takeNext(harness), { error: 'x', succeeded: [] }),
      ];
      await recordEach(harness, [delivery(1, { type: REFUND })]);
      for (const makeDue of again) {
        equal(await makeDue(), 'ok');
        await store.replay(keyOf(1));
        await pass(harness, 10);
        await nothingDue(harness, { types: NO_REFUNDS });
        const taken = await takeNext(harness, { types: REFUNDS });
        equal(await store.retry(taken, { delayMs: 0, error: 'x', succeeded: [] }), 'ok');
      }
    },
  },
  {
    name: 'takeDue by type: types are whole texts, taken literally',
    async run({ store }) {
      const all = ODD_TEXTS.map((type, index) => delivery(index, { type }));
      await recordAtOnce({ store }, all);
      for (const [index, type] of ODD_TEXTS.entries()) {
        const others = ODD_TEXTS.filter((text) => text !== type);
        const types = index % 2 === 0 ? { only: [type, type] } : { except: [...others, ...others] };
        deepEqual(keysOf(await takeBatch(store, { types })), [keyOf(index)], type);
      }
      deepEqual((await store.stats()).due, 0);
    },
  },
  {
    name: 'takeDue by type: takers of different types at once get each delivery once',
    async run({ store }) {
      const all = deliveries(90).map((one, index) => ({
        ...one,
        type: ['payment.completed', REFUND, BILL][index % 3] ?? '',
      }));
      await recordAtOnce({ store }, all);
      const filters = [REFUNDS, NO_REFUNDS, { only: [BILL, REFUND] }, undefined];
      const keys: string[] = [];
      const drain = async (types: TypeFilter | undefined): Promise<void> => {
        for (;;) {
          const batch = await takeBatch(store, { types, limit: 4 });
          keys.push(...keysOf(batch));
          if (batch.length === 0 || keys.length > all.length) return;
        }
      };
      await Promise.all([...filters, ...filters].map(drain));
      sameMembers(keys, keysOf(all), 'what was taken');
    },
  },
  {
    name: 'takeDue by type: reached behind 1,200 that nobody wants',
    async run({ store }) {
      const pile = deliveries(1_200).map((one) => ({ ...one, type: REFUND }));
      await recordAtOnce({ store }, pile);
      await recordAtOnce({ store }, [delivery(2_001), delivery(2_002, { type: BILL })]);
      const wanted = [keyOf(2_001), keyOf(2_002)];
      const types = { only: ['payment.completed'] };
      deepEqual(keysOf(await takeBatch(store, { types, limit: 5 })), wanted.slice(0, 1));
      deepEqual(keysOf(await takeBatch(store, { types: NO_REFUNDS })), wanted.slice(1));
      await nothingDue({ store }, { types: NO_REFUNDS });
      equal((await store.stats()).due, 1_200);
    },
  },
];
