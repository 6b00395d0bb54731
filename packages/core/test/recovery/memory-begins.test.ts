import { memoryStore, type DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { looks, type Look } from '../journeys/support/looks.js';
import { openShopForYears, type ShopForYears } from '../journeys/support/shop-for-years.js';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { withChanges } from '../support/shop.js';

const MINUTE_MS = 60_000;
const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000001';
const KEY = `payment.completed:${PAYMENT}`;
const everyLook: readonly (readonly [string, Look])[] = Object.entries(looks);

const paymentOf = (number: number): string =>
  `pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;

/** A shop whose store says that its memory begins `ms` after the shop did. */
async function openRemembering(ms: number, changes: Partial<DurableStore> = {}) {
  const shop = openShopForYears();
  const begins = shop.clock.now() + ms;
  const memory = memoryStore({ clock: shop.clock });
  await shop.deploy(withChanges(memory, { knownSince: async () => begins, ...changes }));
  return { ...shop, memory };
}

test.each(everyLook)(
  '%s: what happened as the memory begins is too old, a moment later is not',
  async (_name, how) => {
    const shop = await openRemembering(5 * MINUTE_MS);
    await shop.clock.advance(5 * MINUTE_MS);
    shop.api.pay(paymentOf(1));
    await shop.clock.advance(1);
    shop.api.pay(paymentOf(2));
    await shop.look(how, paymentOf(1));
    await shop.look(how, paymentOf(2));
    expect(shop.keys()).toEqual([`payment.completed:${paymentOf(2)}`]);
  },
);

test.each(everyLook)('%s: what is too old is still taken from its webhook', async (_name, how) => {
  const shop = await openRemembering(MINUTE_MS);
  const webhook = shop.api.pay(PAYMENT);
  await shop.look(how, PAYMENT);
  expect(shop.keys()).toEqual([]);
  expect(await shop.deliver(webhook)).toBe(200);
  expect(shop.keys()).toEqual([KEY]);
});

/** As a deploy does with a memory store: the old process has handled what happened a moment ago. */
async function deployAnew(shop: ShopForYears): Promise<void> {
  await shop.clock.advance(MINUTE_MS);
  await shop.deploy(memoryStore({ clock: shop.clock }));
  await shop.clock.advance(10_000);
}

test.each(everyLook)(
  "%s: an API whose clock is three minutes ahead of the store's doubles nothing",
  async (_name, how) => {
    const shop = openShopForYears();
    shop.api.leadMs = 3 * MINUTE_MS;
    await shop.deploy(memoryStore({ clock: shop.clock }));
    await shop.clock.advance(10 * MINUTE_MS);
    await shop.deliver(shop.api.pay(PAYMENT));
    await deployAnew(shop);
    await shop.look(how, PAYMENT);
    expect(shop.keys()).toEqual([KEY]);
  },
);

test('and one that is three minutes behind loses nothing: a webhook brings what a page takes for old', async () => {
  const shop = openShopForYears();
  shop.api.leadMs = -3 * MINUTE_MS;
  await shop.deploy(memoryStore({ clock: shop.clock }));
  await shop.clock.advance(MINUTE_MS);
  const webhook = shop.api.pay(PAYMENT);
  for (const [, how] of everyLook) await shop.look(how, PAYMENT);
  expect(shop.keys()).toEqual([]);
  expect(await shop.deliver(webhook)).toBe(200);
  expect(shop.keys()).toEqual([KEY]);
});

test.each(everyLook)(
  '%s: nor does a memory that forgets by a clock three minutes behind, whatever the API says of its own',
  async (_name, how) => {
    const shop = openShopForYears();
    shop.api.leadMs = 3 * MINUTE_MS;
    shop.api.saysDate = false;
    const store = memoryStore({ clock: shop.clock, maxDone: 2, maxKeys: 2 });
    await shop.deploy(store);
    const born = await store.knownSince();
    await shop.clock.advance(10 * MINUTE_MS);
    for (let number = 1; number <= 6; number += 1) {
      await shop.clock.advance(10_000);
      await shop.deliver(shop.api.pay(paymentOf(number)));
    }
    expect(await store.knownSince()).toBeGreaterThan(born);
    for (let number = 1; number <= 6; number += 1) await shop.look(how, paymentOf(number));
    expect(shop.keys()).toHaveLength(6);
  },
);

test('a clock that is an hour off is another time: it says nothing about the store', async () => {
  const shop = openShopForYears();
  await shop.deploy(memoryStore({ clock: shop.clock }));
  await shop.clock.advance(MINUTE_MS);
  const webhook = shop.api.pay(PAYMENT);
  shop.api.leadMs = 2 * 60 * MINUTE_MS;
  await shop.look(looks.recheck, PAYMENT);
  await shop.deliver(webhook);
  expect(shop.keys()).toEqual([KEY]);
});

test('what is too old is said once, however often it is looked at, and the API is not asked again', async () => {
  const shop = await openRemembering(60 * MINUTE_MS);
  shop.api.pay(PAYMENT);
  for (let times = 0; times < 5; times += 1) await shop.look(looks['the success page'], PAYMENT);
  expect(shop.logger.withCode('look_left')).toMatchObject([
    { level: 'info', facts: { id: PAYMENT, source: 'return', reason: 'too_old' } },
  ]);
  expect(shop.api.asked.filter((path) => path.endsWith(`/payment/${PAYMENT}`))).toHaveLength(1);
});

test('recover counts what was too old and says so once; recheck tells', async () => {
  const shop = await openRemembering(10 * MINUTE_MS);
  for (let number = 1; number <= 20; number += 1) {
    await shop.clock.advance(MINUTE_MS);
    shop.api.pay(paymentOf(number));
  }
  expect(await shop.kit().recover({ since: 0 })).toEqual({
    seen: 20,
    recorded: 10,
    known: 0,
    tooOld: 10,
    complete: true,
  });
  expect(await shop.kit().recover({ since: 0 })).toEqual({
    seen: 20,
    recorded: 0,
    known: 10,
    tooOld: 10,
    complete: true,
  });
  expect(shop.logger.withCode('look_left')).toMatchObject(
    Array.from({ length: 2 }, () => ({
      level: 'info',
      facts: { source: 'recovery', reason: 'too_old', count: 10 },
    })),
  );
  expect(await shop.kit().recheck({ uuid: paymentOf(10) })).toEqual({ status: 'too_old' });
  expect(await shop.kit().recheck({ uuid: paymentOf(11) })).toMatchObject({ status: 'duplicate' });
});

test.each([
  ['rejects', async () => Promise.reject(new Error('connection refused'))],
  [
    'throws at once',
    () => {
      throw new Error('closed');
    },
  ],
  ['never answers', async () => new Promise<number>(() => undefined)],
])(
  'a store that %s when asked records nothing, and the next look tries again',
  async (_what, away) => {
    let knownSince: () => Promise<number> = away;
    const shop = await openRemembering(0, { knownSince: async () => knownSince() });
    await shop.clock.advance(MINUTE_MS);
    shop.api.pay(PAYMENT);
    // Loads what asks the API.
    await shop.kit().getStatus({ uuid: PAYMENT });
    for (const ask of [looks.recheck, looks.recover]) {
      const rejected = rejectionOf(ask(shop.kit(), PAYMENT));
      await settle();
      await shop.clock.advance(5_000);
      expect(await rejected).toMatchObject({ code: 'store_unavailable' });
    }
    const page = shop
      .kit()
      .confirmReturn(
        { method: 'GET', url: `/success?uuid=${PAYMENT}`, headers: {} },
        { page: 'success' },
      );
    expect((await page).body).toContain('Payment received');
    await shop.clock.advance(10_000);
    await settle();
    expect(shop.logger.withCode('seen_not_recorded')).toHaveLength(1);
    expect(shop.keys()).toEqual([]);
    knownSince = async () => shop.memory.knownSince();
    await shop.look(looks['the success page'], PAYMENT);
    expect(shop.keys()).toEqual([KEY]);
  },
);

test('a store that says nonsense is one that remembers nothing', async () => {
  const shop = await openRemembering(0, { knownSince: async () => Number.NaN });
  await shop.clock.advance(MINUTE_MS);
  shop.api.pay(PAYMENT);
  expect(await shop.kit().recheck({ uuid: PAYMENT })).toEqual({ status: 'too_old' });
});
