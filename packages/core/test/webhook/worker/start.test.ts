import { memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

function countingStore() {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const counts = { taken: 0, listening: 0 };
  const listeners = new Set<(subject: string | undefined) => void>();
  const store = withChanges(inner, {
    takeDue: async (options) => {
      counts.taken += 1;
      return inner.takeDue(options);
    },
    onDue: (listener) => {
      counts.listening += 1;
      listeners.add(listener);
      return () => {
        counts.listening -= 1;
        listeners.delete(listener);
      };
    },
  });
  const tell = () => {
    for (const listener of listeners) listener(undefined);
  };
  return { clock, store, counts, tell };
}

// The worker listens, and so does the live status.
const LISTENING = 2;

test('a kit that is started twice has one worker', async () => {
  const { clock, store, counts } = countingStore();
  const { kit } = openShop({ clock, store });
  kit.onAny(() => undefined);
  await Promise.all([kit.start(), kit.start()]);
  await kit.start();
  await settle();
  expect(counts).toEqual({ taken: 1, listening: LISTENING });
  await clock.advance(5_000);
  expect(counts.taken).toBe(6);
});

test('work that another process announces is taken at once', async () => {
  const { clock, store, tell } = countingStore();
  const { kit } = openShop({ clock, store });
  let runs = 0;
  kit.on('payment.completed', () => {
    runs += 1;
  });
  await kit.start();
  await settle();
  await store.record(payment(1));
  await settle();
  expect(runs).toBe(0);
  tell();
  await settle();
  expect(runs).toBe(1);
});

test('close() stops listening', async () => {
  const { clock, store, counts } = countingStore();
  const { kit } = openShop({ clock, store });
  await kit.start();
  await settle();
  const closing = kit.close();
  await clock.advance(10_000);
  await closing;
  expect(counts.listening).toBe(0);
});

test("processing: 'elsewhere' records and runs nothing", async () => {
  const { clock, store, counts } = countingStore();
  const { kit, deliver } = openShop({ clock, store, processing: 'elsewhere' });
  kit.on('payment.completed', () => {
    throw new Error('not here');
  });
  await kit.start();
  await deliver(fixtures.v2['payment.completed']());
  await clock.advance(60_000);
  expect([counts.taken, (await store.stats()).due]).toEqual([0, 1]);
});

test('a store that forgets says so at start, a durable one does not', async () => {
  const forgetful = openShop();
  await forgetful.kit.start();
  expect(forgetful.logger.withCode('store_forgets')).toMatchObject([{ level: 'warn' }]);
  const durable = openShop({ store: withChanges(memoryStore(), { durable: true }) });
  await durable.kit.start();
  expect(durable.logger.withCode('store_forgets')).toEqual([]);
});

test('done deliveries are pruned after keepDoneMs, dead ones stay', async () => {
  const { clock, store } = countingStore();
  const { kit } = openShop({ clock, store, handlers: { keepDoneMs: 7_200_000, maxAttempts: 1 } });
  kit.on('payment.completed', ({ key }) => {
    if (key === payment(2).key) throw new Error('no');
  });
  await store.record(payment(1));
  await store.record(payment(2));
  await kit.start();
  await clock.advance(3_700_000);
  expect(await store.stats()).toMatchObject({ done: 1, dead: 1 });
  await clock.advance(7_200_000);
  expect(await store.stats()).toMatchObject({ done: 0, dead: 1 });
});
