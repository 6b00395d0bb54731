import type { QBitFlow } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { never, openMachine } from '../../support/processes.js';
import { settle } from '../../support/settle.js';

const POISON = payment(1).key;

/** Boots a process that dies as soon as the poison is in a handler; resolves with what else it finished. */
function deadly(machine: ReturnType<typeof openMachine>) {
  const finished: string[] = [];
  const setUp = (kit: QBitFlow, kill: () => void) =>
    kit.on('payment.completed', async ({ key }) => {
      if (key === POISON) {
        kill();
        await never();
      }
      finished.push(key);
    });
  return {
    finished,
    boot: async () => {
      const process = await machine.boot(setUp);
      await settle();
      return process;
    },
  };
}

test('an event that kills its process is parked after three starts; bystanders are done', async () => {
  const machine = openMachine();
  const { clock, store } = machine;
  for (const number of [1, 2, 3]) await store.record(payment(number));
  const { boot, finished } = deadly(machine);
  for (let crash = 0; crash < 3; crash += 1) {
    await boot();
    await clock.advance(31_000);
  }
  const survivor = await boot();
  await clock.advance(35_000);
  expect(await store.get(POISON)).toMatchObject({ state: 'dead', started: 3 });
  expect((await store.get(POISON))?.lastError).toContain('started 3 times and never finished');
  for (const number of [2, 3])
    expect(await store.get(payment(number).key)).toMatchObject({ state: 'done' });
  expect(new Set(finished)).toEqual(new Set([payment(2).key, payment(3).key]));
  expect(survivor.errors).toMatchObject([{ code: 'poison', facts: { key: POISON, starts: 3 } }]);
});

test('no number of crashes parks a delivery that was only in hand', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  await store.record(payment(2));
  for (let crash = 0; crash < 6; crash += 1) {
    // Both are taken, the first one is running alone when the process dies.
    const process = await boot((kit) => kit.on('payment.completed', never), {
      maxUnfinishedStarts: 100,
    });
    await settle();
    process.kill();
    await clock.advance(31_000);
  }
  expect(await store.get(payment(1).key)).toMatchObject({ started: 6 });
  expect(await store.get(payment(2).key)).toMatchObject({ started: 1 });
});

test('a parked delivery runs again when it is replayed', async () => {
  const machine = openMachine();
  const { clock, store } = machine;
  await store.record(payment(1));
  const { boot } = deadly(machine);
  for (let crash = 0; crash < 3; crash += 1) {
    await boot();
    await clock.advance(31_000);
  }
  let runs = 0;
  await machine.boot((kit) =>
    kit.on('payment.completed', () => {
      runs += 1;
    }),
  );
  await settle();
  expect([runs, (await store.get(POISON))?.state]).toEqual([0, 'dead']);
  await store.replay(POISON);
  await clock.advance(1_000);
  expect([runs, (await store.get(POISON))?.state]).toEqual([1, 'done']);
});
