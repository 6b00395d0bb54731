import { memoryStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A kit whose process has no handlers, and so many dead letters. */
async function openDead(count: number, options: Parameters<typeof openShop>[0] = {}) {
  const shop = openShop({ processing: 'elsewhere', ...options });
  for (const number of numbers(count))
    await shop.store.record(payment(number, { dead: number % 2 === 0 ? 'even' : 'odd' }));
  return { ...shop, deliveries: shop.kit.deliveries };
}

test('replays all that the filter finds, however many pages, and wakes the worker', async () => {
  const { kit, store, deliveries } = await openDead(1_100, { processing: 'background' });
  const handled = new Set<string>();
  kit.on('payment.completed', ({ key }) => void handled.add(key));
  await kit.start();
  expect(await deliveries.replayAll({ state: 'dead', error: 'EVEN' })).toEqual({
    matched: 550,
    changed: 550,
  });
  await settle();
  expect(handled.size).toBe(550);
  expect(await store.stats()).toMatchObject({ dead: 550, done: 550 });
});

test('what dies again meanwhile is met once', async () => {
  const { kit, clock, store, deliveries } = await openDead(40, {
    processing: 'background',
    handlers: { maxAttempts: 1 },
  });
  let runs = 0;
  kit.on('payment.completed', () => {
    runs += 1;
    throw new Error('still closed');
  });
  await kit.start();
  expect(await deliveries.replayAll({ state: 'dead' })).toEqual({ matched: 40, changed: 40 });
  await clock.advance(1_000);
  expect(runs).toBe(40);
  expect((await store.stats()).dead).toBe(40);
});

test('discards all that the filter finds', async () => {
  const { store, deliveries } = await openDead(700);
  expect(await deliveries.discardAll({ error: 'odd' })).toEqual({ matched: 350, changed: 350 });
  expect((await store.stats()).dead).toBe(350);
  expect(await deliveries.discardAll({ state: 'dead' })).toEqual({ matched: 350, changed: 350 });
  expect(await deliveries.discardAll({})).toEqual({ matched: 0, changed: 0 });
});

test('the other mode’s money is matched and stays', async () => {
  const { store, kit } = openShop({ processing: 'elsewhere', mode: 'live' });
  const { deliveries } = kit;
  await store.record(
    payment(1, { key: 'test-money:payment.completed:1', unhandled: 'test money' }),
  );
  await store.record(payment(2, { unhandled: 'nobody' }));
  expect(await deliveries.replayAll({ unhandled: true })).toEqual({ matched: 2, changed: 1 });
  expect((await store.stats()).due).toBe(1);
});

test.each([
  ['replayAll', {}],
  ['replayAll', { type: 'payment.completed' }],
  ['replayAll', { state: 'due' }],
  ['discardAll', { state: 'done' }],
  ['discardAll', { unhandled: true }],
] as const)('%s(%j) does not say what it can do: nothing is changed', async (action, filter) => {
  const { store, deliveries } = await openDead(2);
  await expect(deliveries[action](filter)).rejects.toMatchObject({ code: 'misconfigured' });
  expect((await store.stats()).dead).toBe(2);
});

test('a signal ends it between two deliveries, and it says what was done', async () => {
  const stop = new AbortController();
  const inner = memoryStore();
  let replayed = 0;
  const store = withChanges(inner, {
    replay: async (key) => {
      replayed += 1;
      if (replayed === 100) stop.abort();
      return inner.replay(key);
    },
  });
  const { deliveries } = await openDead(300, { store });
  const { matched, changed } = await deliveries.replayAll(
    { state: 'dead' },
    { signal: stop.signal },
  );
  expect(changed).toBeGreaterThanOrEqual(100);
  expect(changed).toBeLessThan(120);
  expect(matched).toBe(changed);
  expect((await inner.stats()).due).toBe(changed);
  expect(await deliveries.replayAll({ state: 'dead' }, { signal: stop.signal })).toEqual({
    matched: 0,
    changed: 0,
  });
});

test('a store that goes away meanwhile is said; what was changed stays so and is handled', async () => {
  const inner = memoryStore();
  let replayed = 0;
  const store = withChanges(inner, {
    replay: async (key) => {
      replayed += 1;
      if (replayed > 50) throw new Error('away');
      return inner.replay(key);
    },
  });
  const { kit, deliveries } = await openDead(200, { store, processing: 'background' });
  kit.on('payment.completed', () => undefined);
  await kit.start();
  await expect(deliveries.replayAll({ state: 'dead' })).rejects.toThrow('away');
  await settle();
  expect((await inner.stats()).done).toBe(50);
});
