import { equal, ok } from 'node:assert/strict';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { tick, type Patience } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { buryNext, completeNext, takeAndLapse, takeNext } from './taking.js';

/** A store may keep one of its times finer than another. */
function sameTime({ granularityMs }: Patience, [a, b]: readonly [number, number], what: string) {
  ok(Math.abs(a - b) <= granularityMs, `${what}: ${a} is not ${b}`);
}

async function recordedAt({ store }: DurableHarness): Promise<number> {
  return (await store.get(keyOf(1)))?.recordedAt ?? 0;
}

/** Replays delivery 1 and asserts that it has been due since then. */
async function dueSinceReplay(harness: DurableHarness): Promise<void> {
  await tick(harness);
  equal(await harness.store.replay(keyOf(1)), true);
  const replayedAt = (await harness.store.get(keyOf(1)))?.at ?? 0;
  ok(replayedAt > (await recordedAt(harness)), 'a replay is due now');
  await tick(harness);
  const { dueSince } = await takeNext(harness);
  sameTime(harness, [dueSince, replayedAt], 'since it was replayed');
}

export const dueSinceCases: readonly DurableCase[] = [
  {
    name: 'dueSince: since it was recorded, over retries, shutdowns and crashes',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const since = await recordedAt(harness);
      await tick(harness);
      const ways = [
        { delayMs: 0, error: 'x', succeeded: [] },
        { delayMs: 10, error: 'x', succeeded: [] },
        { delayMs: 0, error: 'x', succeeded: [], counted: false },
      ];
      for (const way of ways) {
        const taken = await takeNext(harness);
        sameTime(harness, [taken.dueSince, since], 'taken');
        await tick(harness);
        await store.retry(taken, way);
      }
      sameTime(harness, [(await takeAndLapse(harness)).dueSince, since], 'the last');
      sameTime(harness, [(await takeNext(harness)).dueSince, since], 'after a lapsed lease');
    },
  },
  {
    name: 'dueSince: since its replay where it was dead',
    async run(harness) {
      await harness.store.record(delivery(1));
      await buryNext(harness);
      await dueSinceReplay(harness);
    },
  },
  {
    name: 'dueSince: since its replay where it was done',
    needs: 'keepsDoneBodies',
    async run(harness) {
      await harness.store.record(delivery(1));
      await completeNext(harness);
      await dueSinceReplay(harness);
    },
  },
  {
    name: 'dueSince: a restart keeps it',
    needs: 'survivesRestart',
    async run(harness) {
      await harness.store.record(delivery(1, { dead: 'unreadable' }));
      await tick(harness);
      await harness.store.replay(keyOf(1));
      const { dueSince, ...claim } = await takeNext(harness);
      await harness.store.retry(claim, { delayMs: 0, error: 'x', succeeded: [] });
      const store = await harness.reopen();
      await tick(harness);
      sameTime(harness, [(await takeNext(harness, { store })).dueSince, dueSince], 'reopened');
    },
  },
];
