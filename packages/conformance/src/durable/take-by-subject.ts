import { deepEqual, equal } from 'node:assert/strict';
import type { NewDelivery } from '@qbitflow/core';
import { hasFields, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import type { DurableCase } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  nothingDue,
  recordAtOnce,
  recordEach,
  takeAndLapse,
  takeBatch,
  takeNext,
  takesInOrder,
} from './taking.js';

const about = (subject: string, ...numbers: number[]): NewDelivery[] =>
  numbers.map((number) => delivery(number, { subject }));

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

const NOT_SUB_1 = { exceptSubjects: ['sub@1'] };

export const takeBySubjectCases: readonly DurableCase[] = [
  {
    name: 'takeDue by subject: one a subject in a batch, its others in the next ones',
    async run(harness) {
      const all = [
        ...about('sub@1', 1, 2, 3),
        ...about('sub@2', 4, 5),
        ...about('sub@1', 6),
        ...about('sub@3', 7),
      ];
      await recordEach(harness, all);
      await takesInOrder(harness.store, all);
    },
  },
  {
    name: 'takeDue by subject: nothing of an excluded one, the oldest of the others first',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, [...about('sub@1', 1, 2), ...about('sub@2', 3), delivery(4)]);
      const other = { exceptSubjects: ['sub@2', 'unknown'] };
      equal((await takeNext(harness, other)).key, keyOf(1));
      equal((await takeNext(harness, NOT_SUB_1)).key, keyOf(3));
      equal((await takeNext(harness, NOT_SUB_1)).key, keyOf(4));
      await nothingDue(harness, NOT_SUB_1);
      equal((await takeNext(harness, { exceptSubjects: [] })).key, keyOf(2));
      hasFields(await store.get(keyOf(2)), { started: 1, finished: 0 }, 'excluded before');
    },
  },
  {
    name: 'takeDue by subject: what was passed over is as old as before',
    async run(harness) {
      const { store } = harness;
      const all = [...about('sub@1', 1), ...about('sub@2', 2), ...about('sub@1', 3), delivery(4)];
      await recordEach(harness, all);
      await nothingDue(harness, { exceptSubjects: ['sub@1', 'sub@2', delivery(4).subject] });
      await tick(harness);
      equal((await takeNext(harness, NOT_SUB_1)).key, keyOf(2));
      await recordEach(harness, [delivery(5)]);
      await takesInOrder(
        store,
        [...all, delivery(5)].filter(({ key }) => key !== keyOf(2)),
        { limit: 2 },
      );
    },
  },
  {
    name: 'takeDue by subject: a lapsed lease of an excluded one is not taken over',
    async run(harness) {
      await recordEach(harness, about('sub@1', 1));
      await takeAndLapse(harness);
      await nothingDue(harness, NOT_SUB_1);
      hasFields(await takeNext(harness), { key: keyOf(1), lapsed: true }, 'taken over');
    },
  },
  {
    name: 'takeDue by subject: one in a batch too where one of them had lapsed',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, about('sub@1', 1, 2, 3));
      await takeAndLapse(harness);
      const keys: string[] = [];
      for (let count = 0; count < 3; count += 1) keys.push(...keysOf(await takeBatch(store)));
      sameMembers(keys, [1, 2, 3].map(keyOf), 'three batches');
    },
  },
  {
    name: 'takeDue by subject: what may not be taken itself keeps none of its subject away',
    async run(harness) {
      const { store } = harness;
      const types = { only: ['payment.completed'] };
      await recordEach(harness, [
        delivery(1, { subject: 'sub@1', type: 'refund.completed' }),
        ...about('sub@1', 2, 3, 4),
      ]);
      const waits = { delayMs: LONG_LEASE_MS, error: 'x', succeeded: [] };
      equal(await store.retry(await takeNext(harness, { types }), waits), 'ok');
      await takeAndLapse(harness, { types });
      const taken = await takeNext(harness, { types, lapsedLimit: 0 });
      equal(taken.key, keyOf(4), 'behind an unwanted type, a retry that waits and a lapsed lease');
    },
  },
  {
    name: 'takeDue by subject: subjects are whole texts, taken literally',
    async run({ store }) {
      const all = ODD_TEXTS.map((subject, index) => delivery(index, { subject }));
      await recordAtOnce({ store }, all);
      for (const [index, text] of ODD_TEXTS.entries()) {
        const exceptSubjects = ODD_TEXTS.filter((subject) => subject !== text);
        const batch = await takeBatch(store, { exceptSubjects });
        deepEqual(keysOf(batch), [keyOf(index)], text);
        equal(await store.complete(batch[0] ?? { key: '', token: '' }, { succeeded: [] }), 'ok');
        await nothingDue({ store }, { exceptSubjects });
      }
    },
  },
  {
    name: 'takeDue by subject: takers at once get one a subject each, and each delivery once',
    async run({ store }) {
      const all = range(1, 60).map((number) => delivery(number, { subject: `sub@${number % 6}` }));
      await recordAtOnce({ store }, all);
      const keys: string[] = [];
      const drain = async (): Promise<void> => {
        for (;;) {
          const batch = await takeBatch(store, { limit: 4 });
          keys.push(...keysOf(batch));
          if (batch.length === 0 || keys.length > all.length) return;
        }
      };
      await Promise.all(Array.from({ length: 8 }, drain));
      sameMembers(keys, keysOf(all), 'what was taken');
    },
  },
  {
    name: 'takeDue by subject: reached behind sixty of one subject',
    async run(harness) {
      const { store } = harness;
      const pile = about('sub@1', ...range(1, 60));
      await recordAtOnce(harness, pile);
      await recordEach(harness, about('sub@2', 1_001));
      const [first] = await takeBatch(store, { limit: 1 });
      equal(first?.subject, 'sub@1');
      deepEqual(keysOf(await takeBatch(store, NOT_SUB_1)), [keyOf(1_001)]);
      await nothingDue(harness, NOT_SUB_1);
      const rest = pile.filter(({ key }) => key !== first?.key);
      const keys: string[] = [];
      for (let count = 0; count < rest.length; count += 1)
        keys.push(...keysOf(await takeBatch(store)));
      sameMembers(keys, keysOf(rest), 'the others of the pile');
    },
  },
  {
    name: 'takeDue by subject: reached behind 1,200 of one subject and 300 of excluded ones',
    async run(harness) {
      const { store } = harness;
      const excluded = range(1_201, 300).map((number) => delivery(number));
      await recordAtOnce(harness, [...about('sub@1', ...range(1, 1_200)), ...excluded]);
      await recordEach(harness, about('sub@2', 2_001));
      const exceptSubjects = ['sub@1', ...excluded.map(({ subject }) => subject)];
      deepEqual(keysOf(await takeBatch(store, { exceptSubjects, limit: 3 })), [keyOf(2_001)]);
      await nothingDue(harness, { exceptSubjects });
    },
  },
];
