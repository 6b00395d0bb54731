import { deepEqual } from 'node:assert/strict';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { eventually, pass } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';

interface Listening {
  readonly heard: (string | undefined)[];
  stop(): void;
}

function listen({ store }: DurableHarness): Listening {
  const heard: (string | undefined)[] = [];
  const stop = store.onDue?.((subject) => heard.push(subject));
  return { heard, stop: () => stop?.() };
}

/** Makes something due again and again: a single call may be missed. */
async function heardAfter(
  harness: DurableHarness,
  { heard }: Listening,
  make: (round: number) => Promise<void>,
): Promise<void> {
  let round = 0;
  await eventually(harness, 'a call of the listener', async () => {
    round += 1;
    await make(round);
    await pass(harness, 20);
    return heard.length > 0 ? true : undefined;
  });
}

export const onDueCases: readonly DurableCase[] = [
  {
    name: 'onDue: tells of what was recorded',
    needs: 'announcesDue',
    async run(harness) {
      const listening = listen(harness);
      await heardAfter(harness, listening, async (round) => {
        await harness.store.record(delivery(round, { subject: 'pay@1' }));
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
    async run(harness) {
      await harness.store.record(delivery(1, { dead: 'unreadable' }));
      const listening = listen(harness);
      await heardAfter(harness, listening, async () => {
        await harness.store.replay(keyOf(1));
        const [taken] = await harness.store.takeDue({ limit: 1, leaseMs: 60_000 });
        if (taken !== undefined) await harness.store.bury(taken, { error: 'x', succeeded: [] });
      });
      listening.stop();
    },
  },
  {
    name: 'onDue: a listener that was stopped hears nothing more',
    needs: 'announcesDue',
    async run(harness) {
      const [first, second] = [listen(harness), listen(harness)];
      first.stop();
      await heardAfter(harness, second, async (round) => {
        await harness.store.record(delivery(round));
      });
      second.stop();
      deepEqual(first.heard, []);
    },
  },
];
