import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { openMachine } from '../../support/processes.js';
import { settle } from '../../support/settle.js';
import { openShop } from '../../support/shop.js';

const DAY_MS = 86_400_000;
const { key: KEY } = payment(1);
const refund = fixtures.v2['refund.requested']();

test('what one process has no handler for is left to the one that has', async () => {
  const { boot, clock, store } = openMachine();
  const old = await boot((kit) => kit.on('subscription.billed', () => undefined));
  await store.record(payment(1));
  await clock.advance(10_000);
  expect(await store.get(KEY)).toMatchObject({ state: 'due', started: 0 });
  const seen: string[] = [];
  await boot((kit) => kit.on('payment.completed', ({ key }) => seen.push(key)));
  await clock.advance(10_000);
  expect(seen).toEqual([KEY]);
  expect(await store.get(KEY)).toMatchObject({ state: 'done', started: 1 });
  expect(old.errors).toEqual([]);
});

test('a handler that is registered after start gets what waited for it', async () => {
  const { kit, clock, store } = openShop();
  await store.record(payment(1));
  await kit.start();
  await clock.advance(5_000);
  const seen: string[] = [];
  kit.on('payment.completed', ({ key }) => seen.push(key));
  await clock.advance(5_000);
  expect(seen).toEqual([KEY]);
});

test('a process without any handler takes nothing: a script that only recovers leaves all to the shop', async () => {
  const { kit, clock, deliver, store } = openShop();
  await kit.start();
  await deliver(fixtures.v2['payment.completed']());
  await clock.advance(60_000);
  expect(await store.stats()).toMatchObject({ due: 1, running: 0, done: 0 });
});

test('onUnknown takes types newer than the kit, and no known type without a handler', async () => {
  const { kit, clock, deliver, store } = openShop();
  const seen: string[] = [];
  kit.onUnknown(({ sentType }) => seen.push(sentType));
  await deliver({ ...refund, id: 'evt_new', type: 'invoice.paid' });
  await deliver(refund);
  await clock.advance(5_000);
  expect(seen).toEqual(['invoice.paid']);
  expect(await store.stats()).toMatchObject({ due: 1, done: 1 });
});

test('what waits for a handler is said once a type, and counted', async () => {
  const { kit, deliver, logger } = openShop();
  kit.on('payment.completed', () => undefined);
  for (const id of ['evt_1', 'evt_2'])
    await deliver({ ...refund, id, data: { ...refund.data, uuid: `refund@${id}` } });
  await deliver({ ...refund, id: 'evt_3', type: 'invoice.paid' });
  await deliver(fixtures.v2['payment.completed']());
  await settle();
  expect(logger.withCode('type_unhandled')).toMatchObject([
    { level: 'warn', facts: { type: 'refund.requested' } },
    { level: 'warn', facts: { type: 'invoice.paid' } },
  ]);
  expect(await kit.deliveries.stats()).toMatchObject({ due: 3, done: 1, unhandled: 3 });
});

test('after unhandledAfterMs it is done and unhandled, listed, and replayed by type once a handler is there', async () => {
  const { kit, clock, deliver, store, logger } = openShop();
  kit.on('payment.completed', () => undefined);
  await deliver(refund);
  await clock.advance(DAY_MS - 3_600_000);
  expect(await store.stats()).toMatchObject({ due: 1, done: 0 });
  await clock.advance(2 * 3_600_000);
  expect(await store.stats()).toMatchObject({ due: 0, done: 1, unhandled: 1 });
  expect(logger.withCode('deliveries_unhandled')).toMatchObject([
    { level: 'warn', facts: { settled: 1 } },
  ]);
  const { items } = await kit.deliveries.list({ unhandled: true });
  expect(items).toMatchObject([{ type: 'refund.requested', state: 'done', unhandled: true }]);

  const seen: string[] = [];
  kit.on('refund.requested', ({ id }) => seen.push(id));
  expect(await kit.deliveries.replayUnhandled('payment.completed')).toBe(0);
  expect(await kit.deliveries.replayUnhandled('refund.requested')).toBe(1);
  await settle();
  expect(seen).toEqual([refund.id]);
  expect((await kit.deliveries.list({ unhandled: true })).items).toEqual([]);
});

test('what has a handler is never settled, however long it waits', async () => {
  const { kit, clock, store } = openShop({ handlers: { maxAttempts: 1_000 } });
  kit.on('payment.completed', () => {
    throw new Error('not yet');
  });
  await store.record(payment(1));
  await kit.start();
  await clock.advance(3 * DAY_MS);
  expect(await store.stats()).toMatchObject({ due: 1, done: 0, unhandled: 0 });
});

test('a store that does not choose by type loses nothing: what has no handler is put off', async () => {
  const { kit, clock, store } = openShop();
  const inner = store.takeDue.bind(store);
  const blind = { ...store, takeDue: inner };
  Object.assign(store, {
    takeDue: async (options: Parameters<typeof inner>[0]) =>
      blind.takeDue({ limit: options.limit, leaseMs: options.leaseMs }),
  });
  kit.on('refund.requested', () => undefined);
  await store.record(payment(1));
  await kit.start();
  await clock.advance(10_000);
  expect(await store.get(KEY)).toMatchObject({ state: 'due', started: 0 });
  const seen: string[] = [];
  kit.on('payment.completed', ({ key }) => seen.push(key));
  await clock.advance(120_000);
  expect(seen).toEqual([KEY]);
});
