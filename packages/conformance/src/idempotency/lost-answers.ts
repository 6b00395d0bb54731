import { deepEqual, equal, ok } from 'node:assert/strict';
import { pass } from '../support/waiting.js';
import { claimNext, LONG, tokenOf, type IdempotencyCase } from './claiming.js';

export const lostAnswerCases: readonly IdempotencyCase[] = [
  {
    name: 'lost answer: a claim is not given again while its lease holds, to nobody',
    async run(harness) {
      const { store, leaseMs } = harness;
      const lost = tokenOf(await store.claim('k', LONG));
      await pass(harness, leaseMs);
      for (let times = 0; times < 3; times += 1)
        deepEqual(await store.claim('k', { leaseMs }), { status: 'running' });
      await pass(harness, leaseMs);
      deepEqual(await store.claim('k', LONG), { status: 'running' }, 'asking shortens no lease');
      equal(await store.complete('k', lost), true);
    },
  },
  {
    name: 'lost answer: once its lease has lapsed the claim is given afresh',
    async run(harness) {
      const { store, leaseMs } = harness;
      await store.claim('k', { leaseMs });
      deepEqual(await store.claim('k', LONG), { status: 'running' });
      await pass(harness, leaseMs);
      equal(await store.complete('k', await claimNext(harness, 'k')), true);
      deepEqual(await store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'lost answer: completing again leaves it done',
    async run({ store }) {
      const token = tokenOf(await store.claim('k', LONG));
      equal(await store.complete('k', token), true);
      for (let times = 0; times < 2; times += 1) {
        equal(typeof (await store.complete('k', token)), 'boolean');
        deepEqual(await store.claim('k', LONG), { status: 'done' });
      }
      await store.release('k', token);
      deepEqual(await store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'lost answer: completing many times at once leaves it done',
    async run({ store }) {
      const token = tokenOf(await store.claim('k', LONG));
      const all = Array.from({ length: 10 }, async () => store.complete('k', token));
      ok((await Promise.all(all)).includes(true), 'nobody completed it');
      deepEqual(await store.claim('k', LONG), { status: 'done' });
    },
  },
  {
    name: 'lost answer: releasing again frees nobody else',
    async run({ store }) {
      const token = tokenOf(await store.claim('k', LONG));
      equal(await store.release('k', token), true);
      equal(typeof (await store.release('k', token)), 'boolean');
      const other = tokenOf(await store.claim('k', LONG));
      equal(await store.release('k', token), false);
      deepEqual(await store.claim('k', LONG), { status: 'running' });
      equal(await store.complete('k', other), true);
    },
  },
];
