import { deepEqual, equal } from 'node:assert/strict';
import type { Claim, ClaimOutcome, DurableStore } from '@qbitflow/core';
import type { DurableCase } from '../support/store-harness.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, recordInOrder, takeAndLapse, takeNext } from './taking.js';

type Transition = (store: DurableStore, claim: Claim) => Promise<ClaimOutcome>;

const TRANSITIONS: readonly (readonly [string, Transition])[] = [
  [
    'extend',
    async (store, claim) =>
      store.extend(claim, { leaseMs: LONG_LEASE_MS, succeeded: ['stale'], start: 9 }),
  ],
  ['complete', async (store, claim) => store.complete(claim, { succeeded: ['stale'] })],
  [
    'retry',
    async (store, claim) => store.retry(claim, { delayMs: 0, error: 'stale', succeeded: [] }),
  ],
  ['bury', async (store, claim) => store.bury(claim, { error: 'stale', succeeded: [] })],
];

/** Asserts that `claim` is refused and that its delivery is exactly as before. */
async function refused(store: DurableStore, claim: Claim, write: Transition): Promise<void> {
  const before = await store.get(claim.key);
  equal(await write(store, claim), 'lost');
  deepEqual(await store.get(claim.key), before, 'a refused claim changed the delivery');
}

function casesOf([name, write]: readonly [string, Transition]): readonly DurableCase[] {
  return [
    {
      name: `stale claim: ${name} is refused while another worker has the delivery`,
      async run(harness) {
        await harness.store.record(delivery(1));
        const stale = await takeAndLapse(harness);
        const current = await takeNext(harness);
        await refused(harness.store, stale, write);
        equal(await harness.store.complete(current, { succeeded: [] }), 'ok');
      },
    },
    {
      name: `stale claim: ${name} is refused once the delivery was let go`,
      async run(harness) {
        const { store } = harness;
        await store.record(delivery(1));
        const first = await takeNext(harness);
        await store.retry(first, { delayMs: 0, error: 'x', succeeded: [] });
        await refused(store, first, write);
        const second = await takeNext(harness);
        await store.bury(second, { error: 'x', succeeded: [] });
        await refused(store, second, write);
        await store.replay(keyOf(1));
        await refused(store, second, write);
        const third = await takeNext(harness);
        await store.complete(third, { succeeded: [] });
        await refused(store, third, write);
      },
    },
    {
      name: `stale claim: ${name} is refused for another key's token, no token and an unknown key`,
      async run(harness) {
        await recordInOrder(harness, 1, 2, 3);
        const [one, two] = [await takeNext(harness), await takeNext(harness)];
        await refused(harness.store, { key: one.key, token: two.token }, write);
        await refused(harness.store, { key: one.key, token: '' }, write);
        await refused(harness.store, { key: keyOf(3), token: '' }, write);
        await refused(harness.store, { key: 'unknown', token: one.token }, write);
        equal(await harness.store.get('unknown'), undefined);
      },
    },
  ];
}

export const staleClaimCases: readonly DurableCase[] = TRANSITIONS.flatMap(casesOf);
