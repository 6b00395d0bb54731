import type { DurableStore } from '@qbitflow/core';
import { deepEqual, equal } from 'node:assert/strict';
import { sameMembers } from '../support/asserting.js';
import type { DurableBench, DurableCase } from './case.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { makeDone } from './pruning.js';
import { nothingDue, recordAtOnce, takeAll } from './taking.js';
import { KNOWN } from './tombstones.js';

const COUNT = 60;

/** Prunes in small steps until nothing is left to prune. */
async function pruneAway(store: DurableStore): Promise<void> {
  let pruned = 1;
  while (pruned > 0) pruned = await store.prune({ doneForMs: 0, limit: 7 });
}

/** Duplicates of everything, all the while that `pruner` prunes: none may pass for fresh in between. */
async function recordMeanwhile(bench: DurableBench, pruner: DurableStore): Promise<void> {
  const all = deliveries(COUNT);
  await makeDone(bench, all);
  const progress = { ended: false };
  const pruning = pruneAway(pruner).finally(() => {
    progress.ended = true;
  });
  do {
    const outcomes = await Promise.all(all.map(async (one) => bench.store.record(one)));
    for (const outcome of outcomes) deepEqual(outcome, KNOWN);
  } while (!progress.ended);
  await pruning;
  await nothingDue(bench);
}

export const prunedMeanwhileCases: readonly DurableCase[] = [
  {
    name: 'pruned meanwhile: duplicates are known before, during and after',
    run: async (bench) => recordMeanwhile(bench, bench.store),
  },
  {
    name: 'pruned meanwhile: by the other connection, duplicates are known all the same',
    needs: 'sharedBetweenConnections',
    run: async (bench) => recordMeanwhile(bench, await bench.openSecond()),
  },
  {
    name: 'pruned meanwhile: discarded by several at once, duplicates are known all the same',
    async run(bench) {
      const { store } = bench;
      const all = deliveries(COUNT).map((one) => ({ ...one, dead: 'unreadable' }));
      await recordAtOnce(bench, all);
      const [discards, outcomes] = await Promise.all([
        Promise.all([...all, ...all].map(async ({ key }) => store.discard(key))),
        Promise.all([...all, ...all].map(async (one) => store.record(one))),
      ]);
      equal(discards.filter(Boolean).length, COUNT, 'each is discarded once');
      for (const { status } of outcomes) equal(status, 'duplicate');
      for (const { key } of all) equal(await store.get(key), undefined);
    },
  },
  {
    name: 'pruned meanwhile: what is replayed is either due or was pruned before',
    needs: 'keepsDoneBodies',
    async run(bench) {
      const { store } = bench;
      await makeDone(bench, deliveries(COUNT));
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
