import { deepEqual, equal } from 'node:assert/strict';
import type { DurableStore, NewDelivery } from '@qbitflow/core';
import { sameMembers } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { makeDone, nothingDue, recordAtOnce, takeAll } from './taking.js';
import { KNOWN } from './tombstones.js';

const COUNT = 60;

/** Prunes in small steps until nothing is left to prune. */
async function pruneAway(store: DurableStore): Promise<void> {
  let pruned = 1;
  while (pruned > 0) pruned = await store.prune({ doneForMs: 0, limit: 7 });
}

/** Duplicates of everything for as long as `work` goes on: none may pass for fresh in between. */
async function recordMeanwhile(
  { store }: DurableHarness,
  all: readonly NewDelivery[],
  work: Promise<unknown>,
): Promise<void> {
  const progress = { ended: false };
  const working = work.finally(() => {
    progress.ended = true;
  });
  const record = async () => Promise.all(all.map(async (one) => store.record(one)));
  while (!progress.ended)
    for (const { status } of await record()) equal(status, 'duplicate', 'a known key was fresh');
  await working;
  for (const outcome of await record()) deepEqual(outcome, KNOWN);
  await nothingDue({ store });
}

async function prunedBy(harness: DurableHarness, pruner: DurableStore): Promise<void> {
  const all = deliveries(COUNT);
  await makeDone(harness, all);
  await recordMeanwhile(harness, all, pruneAway(pruner));
}

export const prunedMeanwhileCases: readonly DurableCase[] = [
  {
    name: 'pruned meanwhile: duplicates are known before, during and after',
    run: async (harness) => prunedBy(harness, harness.store),
  },
  {
    name: 'pruned meanwhile: by the other connection, duplicates are known all the same',
    needs: 'sharedBetweenConnections',
    run: async (harness) => prunedBy(harness, await harness.openSecond()),
  },
  {
    name: 'pruned meanwhile: discarded by several at once, duplicates are known all the same',
    async run(harness) {
      const { store } = harness;
      const all = deliveries(COUNT).map((one) => ({ ...one, dead: 'unreadable' }));
      await recordAtOnce(harness, all);
      const discarded: boolean[] = [];
      const discard = async () => {
        for (const { key } of all) discarded.push(await store.discard(key));
      };
      await recordMeanwhile(harness, all, Promise.all([discard(), discard()]));
      equal(discarded.filter(Boolean).length, COUNT, 'each is discarded once');
      for (const { key } of all) equal(await store.get(key), undefined);
    },
  },
  {
    name: 'pruned meanwhile: what is replayed is either due or was pruned before',
    needs: 'keepsDoneBodies',
    async run(harness) {
      const { store } = harness;
      await makeDone(harness, deliveries(COUNT));
      const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
      const [replays] = await Promise.all([
        Promise.all(numbers.map(async (number) => store.replay(keyOf(number)))),
        pruneAway(store),
      ]);
      const replayed = numbers.filter((_, index) => replays[index] === true).map(keyOf);
      const taken = await takeAll([store], { limit: 50, most: COUNT });
      sameMembers(keysOf(taken), replayed, 'what was replayed');
      for (const number of numbers)
        equal((await store.record(delivery(number))).status, 'duplicate');
    },
  },
];
