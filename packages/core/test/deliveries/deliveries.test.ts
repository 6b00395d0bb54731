import { memoryStore } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();
const KEY = 'payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

/** A shop with one dead letter; its second handler works once it is mended. */
async function openWithDead() {
  const shop = openShop({ handlers: { maxAttempts: 1 } });
  const order: string[] = [];
  const handler = { broken: true };
  shop.kit.on('payment.completed', () => order.push('mail'), { name: 'mail' });
  shop.kit.on(
    'payment.completed',
    () => {
      order.push('ship');
      if (handler.broken) throw new Error('no');
    },
    { name: 'ship' },
  );
  await shop.deliver(body);
  await settle();
  return { ...shop, order, handler };
}

test('list is newest first, a page at a time, without bodies', async () => {
  const { kit, store } = openShop({ processing: 'elsewhere' });
  for (const number of [1, 2, 3]) await store.record(payment(number));
  const first = await kit.deliveries.list({ limit: 2 });
  expect(first.items.map(({ id, raw }) => [id, raw.length])).toEqual([
    ['evt_3', 0],
    ['evt_2', 0],
  ]);
  const second = await kit.deliveries.list({ limit: 2, cursor: first.nextCursor });
  expect(second.items.map(({ id }) => id)).toEqual(['evt_1']);
  expect((await kit.deliveries.list()).items).toHaveLength(3);
});

test('list takes the filters of the store', async () => {
  const { kit } = await openWithDead();
  const { deliveries } = kit;
  expect((await deliveries.list({ state: 'dead' })).items).toMatchObject([
    { key: KEY, lastError: 'ship: no', succeeded: ['mail'] },
  ]);
  expect((await deliveries.list({ state: 'done' })).items).toEqual([]);
});

test('get has the body, and undefined for a key nobody recorded', async () => {
  const { kit } = await openWithDead();
  const found = await kit.deliveries.get(KEY);
  expect(JSON.parse(Buffer.from(found?.raw ?? []).toString('utf8'))).toEqual(body);
  expect(await kit.deliveries.get('payment.completed:nobody')).toBeUndefined();
});

test('replay runs at once what had failed, and only that', async () => {
  const { kit, order, handler, store } = await openWithDead();
  handler.broken = false;
  expect(await kit.deliveries.replay(KEY)).toBe(true);
  // No time passes: the worker is woken, it does not poll.
  await settle();
  expect(order).toEqual(['mail', 'ship', 'ship']);
  expect((await store.get(KEY))?.state).toBe('done');
});

test('replay of what is done runs every handler again, and nothing else does', async () => {
  const { kit, order, handler, deliver } = await openWithDead();
  handler.broken = false;
  await kit.deliveries.replay(KEY);
  await settle();
  expect(await kit.deliveries.replay(KEY)).toBe(true);
  await settle();
  expect(order).toEqual(['mail', 'ship', 'ship', 'mail', 'ship']);
  expect((await deliver(body)).body).toBe('{"received":true,"duplicate":true}');
  await settle();
  expect(order).toHaveLength(5);
});

test('discard of what is not dead and replay of what is not there change nothing and say so', async () => {
  const { kit, store, handler } = await openWithDead();
  handler.broken = false;
  await kit.deliveries.replay(KEY);
  await settle();
  expect(await kit.deliveries.discard(KEY)).toBe(false);
  expect(await kit.deliveries.replay('payment.completed:nobody')).toBe(false);
  expect(await kit.deliveries.discard('payment.completed:nobody')).toBe(false);
  expect((await store.get(KEY))?.state).toBe('done');
});

test('discard drops a dead letter for good: the same event never runs again', async () => {
  const { kit, deliver, order } = await openWithDead();
  expect(await kit.deliveries.discard(KEY)).toBe(true);
  expect(await kit.deliveries.get(KEY)).toBeUndefined();
  expect((await deliver(body)).body).toBe('{"received":true,"duplicate":true}');
  await settle();
  expect(order).toEqual(['mail', 'ship']);
  expect(await kit.deliveries.replay(KEY)).toBe(false);
});

test('stats counts, and tells how long the oldest due delivery has waited', async () => {
  const { kit, clock, deliver } = openShop({ processing: 'elsewhere' });
  await deliver(body);
  await clock.advance(90_000);
  expect(await kit.deliveries.stats()).toEqual({
    due: 1,
    running: 0,
    done: 0,
    dead: 0,
    unhandled: 1,
    oldestDueAgeMs: 90_000,
  });
});

test('every call rejects when the store is away, also one that throws at once', async () => {
  const away = (): never => {
    throw new Error('away');
  };
  const store = withChanges(memoryStore(), {
    list: away,
    get: away,
    replay: away,
    discard: away,
    stats: away,
  });
  const { deliveries } = openShop({ store }).kit;
  const calls = [
    deliveries.list(),
    deliveries.get(KEY),
    deliveries.replay(KEY),
    deliveries.discard(KEY),
    deliveries.stats(),
  ];
  for (const call of calls) expect(await rejectionOf(call)).toMatchObject({ message: 'away' });
});
