import { equal, ok } from 'node:assert/strict';
import { pass, tick, type Patience } from '../support/waiting.js';
import type { DurableBench, DurableCase } from './case.js';
import { delivery, keyOf } from './delivery.js';
import { buryNext, completeNext, takeAndLapse, takeNext } from './taking.js';

/** A store may keep one of its times finer than another. */
function sameTime({ granularityMs }: Patience, [a, b]: readonly [number, number], what: string) {
  ok(Math.abs(a - b) <= granularityMs, `${what}: ${a} is not ${b}`);
}

async function recordedAt({ store }: DurableBench): Promise<number> {
  return (await store.get(keyOf(1)))?.recordedAt ?? 0;
}

/** Replays delivery 1 and asserts that it has been due since then. */
async function dueSinceReplay(bench: DurableBench): Promise<void> {
  await tick(bench);
  equal(await bench.store.replay(keyOf(1)), true);
  const replayedAt = (await bench.store.get(keyOf(1)))?.at ?? 0;
  ok(replayedAt > (await recordedAt(bench)), 'a replay is due now');
  await tick(bench);
  const { dueSince } = await takeNext(bench);
  sameTime(bench, [dueSince, replayedAt], 'since it was replayed');
}

export const dueSinceCases: readonly DurableCase[] = [
  {
    name: 'dueSince: since it was recorded, over retries, shutdowns and crashes',
    async run(bench) {
      const { store, leaseMs } = bench;
      await store.record(delivery(1));
      const since = await recordedAt(bench);
      await tick(bench);
      const ways = [
        { delayMs: 0, error: 'x', succeeded: [] },
        { delayMs: leaseMs, error: 'x', succeeded: [] },
        { delayMs: 0, error: 'x', succeeded: [], counted: false },
      ];
      for (const way of ways) {
        const taken = await takeNext(bench);
        sameTime(bench, [taken.dueSince, since], 'taken');
        await tick(bench);
        await store.retry(taken, way);
      }
      sameTime(bench, [(await takeAndLapse(bench)).dueSince, since], 'the last');
      sameTime(bench, [(await takeNext(bench)).dueSince, since], 'after a lapsed lease');
    },
  },
  {
    name: 'dueSince: since its replay where it was dead',
    async run(bench) {
      await bench.store.record(delivery(1));
      await buryNext(bench);
      await dueSinceReplay(bench);
    },
  },
  {
    name: 'dueSince: since its replay where it was done',
    needs: 'keepsDoneBodies',
    async run(bench) {
      await bench.store.record(delivery(1));
      await completeNext(bench);
      await dueSinceReplay(bench);
    },
  },
  {
    name: 'dueSince: a restart keeps it',
    needs: 'survivesRestart',
    async run(bench) {
      await bench.store.record(delivery(1, { dead: 'unreadable' }));
      await tick(bench);
      await bench.store.replay(keyOf(1));
      const { dueSince, ...claim } = await takeNext(bench);
      await bench.store.retry(claim, { delayMs: 0, error: 'x', succeeded: [] });
      const store = await bench.reopen();
      await pass(bench, bench.leaseMs);
      sameTime(bench, [(await takeNext(bench, { store })).dueSince, dueSince], 'reopened');
    },
  },
];
