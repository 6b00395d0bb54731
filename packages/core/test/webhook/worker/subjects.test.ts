import { memoryStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { never, openMachine } from '../../support/processes.js';
import { openShop, withChanges } from '../../support/shop.js';

const { subject } = payment(1);

test('forty deliveries of one transaction whose handler hangs keep nobody waiting', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const { kit } = openShop({ clock, store });
  for (let number = 1; number <= 40; number += 1) await store.record(payment(number, { subject }));
  await store.record(payment(50));
  const others: string[] = [];
  kit.on('payment.completed', async (event) => {
    if (event.subject !== payment(1).subject) others.push(event.key);
    else await never();
  });
  // The events are read from their bytes: the subject of the record alone tells them apart here.
  await kit.start();
  await clock.advance(500);
  expect(await store.stats()).toMatchObject({ running: 1 });
  expect((await store.get(payment(50).key))?.state).toBe('done');
  expect(others).toEqual([payment(50).key]);
});

test('what waits for its subject waits in the store, where another process can take it', async () => {
  const { boot, clock, store } = openMachine();
  for (const number of [1, 2, 3]) await store.record(payment(number, { subject }));
  const first = await boot((kit) => kit.on('payment.completed', never));
  await clock.advance(500);
  expect(await store.stats()).toMatchObject({ running: 1, due: 2 });
  first.kill();
  const seen: string[] = [];
  await boot((kit) => kit.on('payment.completed', ({ key }) => seen.push(key)));
  await clock.advance(1_000);
  expect(seen).toEqual([payment(2).key, payment(3).key]);
});

test('what a killed process had in hand, and whose handlers hang, does not stop fresh work', async () => {
  const { boot, clock, store } = openMachine();
  for (let number = 1; number <= 10; number += 1) await store.record(payment(number));
  const first = await boot((kit) => kit.on('payment.completed', never));
  await clock.advance(500);
  expect(await store.stats()).toMatchObject({ running: 10 });
  first.kill();
  await clock.advance(31_000);
  for (let number = 11; number <= 30; number += 1) await store.record(payment(number));
  const seen: string[] = [];
  await boot((kit) =>
    kit.on('payment.completed', async ({ key }) => {
      if (Number(/\d+$/.exec(key)?.[0]) > 10) seen.push(key);
      else await never();
    }),
  );
  await clock.advance(10_000);
  expect(seen).toHaveLength(20);
  // One of those whose process died is being tried; the others wait in the store.
  expect(await store.stats()).toMatchObject({ done: 20 });
});

test('close() returns within its grace when the store is away and something is in hand', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  let away = false;
  const gone = async (): Promise<never> => {
    throw new Error('ECONNREFUSED');
  };
  const store = withChanges(inner, {
    retry: async (...given) => (away ? gone() : inner.retry(...given)),
    complete: async (...given) => (away ? gone() : inner.complete(...given)),
    close: async () => new Promise<never>(() => undefined),
  });
  const { kit } = openShop({ clock, store, handlers: { graceMs: 1_000 } });
  kit.on('payment.completed', async (_event, { signal }) => {
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  });
  for (const number of [1, 2, 3]) await inner.record(payment(number));
  await kit.start();
  await clock.advance(500);
  away = true;
  let closed = false;
  const closing = kit.close().then(() => {
    closed = true;
  });
  await clock.advance(3_000);
  expect(closed).toBe(true);
  await closing;
});
