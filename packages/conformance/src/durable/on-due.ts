import { deepEqual } from 'node:assert/strict';
import { eventually, pass } from '../support/waiting.js';
import type { DurableBench, DurableCase } from './case.js';
import { delivery, keyOf } from './delivery.js';

interface Listening {
  readonly heard: (string | undefined)[];
  stop(): void;
}

function listen({ store }: DurableBench): Listening {
  const heard: (string | undefined)[] = [];
  const stop = store.onDue?.((subject) => heard.push(subject));
  return { heard, stop: () => stop?.() };
}

/** Makes something due again and again: a single call may be missed. */
async function heardAfter(
  bench: DurableBench,
  { heard }: Listening,
  make: (round: number) => Promise<void>,
): Promise<void> {
  let round = 0;
  await eventually(bench, 'a call of the listener', async () => {
    round += 1;
    await make(round);
    await pass(bench, 20);
    return heard.length > 0 ? true : undefined;
  });
}

export const onDueCases: readonly DurableCase[] = [
  {
    name: 'onDue: tells of what was recorded',
    needs: 'announcesDue',
    async run(bench) {
      const listening = listen(bench);
      await heardAfter(bench, listening, async (round) => {
        await bench.store.record(delivery(round, { subject: 'pay@1' }));
      });
      listening.stop();
      deepEqual(
        listening.heard.filter((subject) => subject !== undefined && subject !== 'pay@1'),
        [],
      );
    },
  },
  {
    name: 'onDue: tells of what was replayed',
    needs: 'announcesDue',
    async run(bench) {
      await bench.store.record(delivery(1, { dead: 'unreadable' }));
      const listening = listen(bench);
      await heardAfter(bench, listening, async () => {
        await bench.store.replay(keyOf(1));
        const [taken] = await bench.store.takeDue({ limit: 1, leaseMs: 60_000 });
        if (taken !== undefined) await bench.store.bury(taken, { error: 'x', succeeded: [] });
      });
      listening.stop();
    },
  },
  {
    name: 'onDue: a listener that was stopped hears nothing more',
    needs: 'announcesDue',
    async run(bench) {
      const [first, second] = [listen(bench), listen(bench)];
      first.stop();
      await heardAfter(bench, second, async (round) => {
        await bench.store.record(delivery(round));
      });
      second.stop();
      deepEqual(first.heard, []);
    },
  },
];
