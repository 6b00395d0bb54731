import type { NewDelivery } from '@qbitflow/core';
import { FIXTURE_IDS, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import { openShop, type Shop } from '../support/shop.js';
import { SUBSCRIPTION, subscriptionRead } from '../protocol/v1/real-bodies.js';

const OLD_KEY = 'unreadable:0123456789abcdef0123456789abcdef';
const PAYMENT_KEY = `payment.completed:${FIXTURE_IDS.payment}`;

/** What the version before this one left of a body that it could not read. */
async function leave(shop: Shop, body: unknown, changes: Partial<NewDelivery> = {}) {
  await shop.store.record({
    key: OLD_KEY,
    subject: OLD_KEY,
    id: OLD_KEY,
    type: 'unreadable',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: { 'qbitflow-signature': 't=1790856000,v1=00' },
    receivedAt: 1_790_856_000_000,
    dead: 'id: expected string, got nothing',
    ...changes,
  });
}

async function openWithHandler() {
  const shop = openShop();
  const handled: string[] = [];
  shop.kit.on('payment.completed', ({ key, version }) => handled.push(`${version} ${key}`));
  shop.kit.on('subscription.created', ({ key, data }) =>
    handled.push(`${key} ${JSON.stringify(data.frequency)} ${data.status}`),
  );
  await shop.kit.start();
  return { ...shop, handled };
}

test("a v1 body that came under v2's header and can be read by now is handled under its own key", async () => {
  const shop = await openWithHandler();
  await leave(shop, fixtures.v1.paymentCompleted());
  expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(true);
  await settle();
  expect(shop.handled).toEqual([`v1 ${PAYMENT_KEY}`]);
  expect(await shop.store.get(PAYMENT_KEY)).toMatchObject({
    state: 'done',
    type: 'payment.completed',
    headers: { 'qbitflow-signature': 't=1790856000,v1=00' },
    receivedAt: 1_790_856_000_000,
  });
  expect(await shop.store.get(OLD_KEY)).toBeUndefined();
  expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(false);
});

test('news that came another way meanwhile is not handled twice', async () => {
  const shop = await openWithHandler();
  await leave(shop, fixtures.v1.paymentCompleted());
  await shop.deliver(fixtures.v2['payment.completed']());
  await settle();
  expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(false);
  await settle();
  expect(shop.handled).toEqual([`v2 ${PAYMENT_KEY}`]);
  expect(await shop.store.stats()).toMatchObject({ done: 1, dead: 0, due: 0 });
});

test('nor when it comes after the replay', async () => {
  const shop = await openWithHandler();
  await leave(shop, fixtures.v1.paymentCompleted());
  await shop.kit.deliveries.replay(OLD_KEY);
  expect((await shop.deliver(fixtures.v2['payment.completed']())).body).toContain('duplicate');
  await settle();
  expect(shop.handled).toHaveLength(1);
});

test('news that lies dead under its own key is replayed there', async () => {
  const shop = await openWithHandler();
  await leave(shop, fixtures.v1.paymentCompleted());
  const dead = { key: PAYMENT_KEY, subject: FIXTURE_IDS.payment, type: 'payment.completed' };
  await leave(shop, fixtures.v2['payment.completed'](), dead);
  expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(true);
  await settle();
  expect(shop.handled).toEqual([`v2 ${PAYMENT_KEY}`]);
});

test.each(['return', 'recovery'] as const)(
  "v1's subscription that a look (%s) found and the version before could not read is handled",
  async (source) => {
    const shop = await openWithHandler();
    const envelope = {
      id: `subscription.created:${SUBSCRIPTION}`,
      type: 'subscription.created',
      version: 'v2',
      data: subscriptionRead,
    };
    await leave(shop, envelope, { source, headers: {} });
    expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(true);
    // What a page saw a moment ago waits for its webhook.
    await shop.clock.advance(3_000);
    expect(shop.handled).toEqual([
      `subscription.created:${SUBSCRIPTION} {"value":2592000,"unit":"seconds"} active`,
    ]);
  },
);

test.each(['<event/>', '{"hello":"world"}', { ...fixtures.v1.paymentCompleted(), uuid: 7 }])(
  'what still cannot be read stays a dead letter with its body: %j',
  async (body) => {
    const shop = await openWithHandler();
    await leave(shop, body);
    expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(false);
    await settle();
    const kept = await shop.store.get(OLD_KEY);
    expect(kept).toMatchObject({ state: 'dead' });
    expect(kept?.raw.length).toBeGreaterThan(0);
  },
);

test('a replay that is interrupted can be repeated', async () => {
  const shop = await openWithHandler();
  await leave(shop, fixtures.v1.paymentCompleted());
  const discard = shop.store.discard.bind(shop.store);
  shop.store.discard = async () => {
    throw new Error('away');
  };
  await expect(shop.kit.deliveries.replay(OLD_KEY)).rejects.toThrow('away');
  shop.store.discard = discard;
  await settle();
  await shop.kit.deliveries.replay(OLD_KEY);
  await settle();
  expect(await shop.store.stats()).toMatchObject({ dead: 0, due: 0 });
  await shop.deliver(fixtures.v2['payment.completed']());
  await settle();
  expect(shop.handled).toHaveLength(1);
});

test('what is under way already is not replayed under another key', async () => {
  const shop = openShop({ processing: 'elsewhere' });
  await leave(shop, fixtures.v1.paymentCompleted());
  await shop.store.replay(OLD_KEY);
  expect(await shop.kit.deliveries.replay(OLD_KEY)).toBe(false);
  expect(await shop.store.stats()).toMatchObject({ due: 1, dead: 0 });
  expect(await shop.store.get(PAYMENT_KEY)).toBeUndefined();
});
