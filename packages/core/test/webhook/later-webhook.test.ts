import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment, paymentId } from '../support/deliveries.js';
import { settle } from '../support/settle.js';
import { openShop } from '../support/shop.js';

const { key: KEY } = payment(1);
const LINK = 'https://qbitflow.app/manage?id=7';
const webhook = fixtures.v2['payment.completed']({
  data: { uuid: paymentId(1), managementPageLink: LINK },
});
const thin = { ...webhook, data: { ...webhook.data, managementPageLink: undefined } };
const seen = (shop: ReturnType<typeof openShop>) =>
  payment(1, {
    source: 'return',
    receivedAt: shop.clock.now(),
    raw: Buffer.from(JSON.stringify(thin)),
  });

/** A shop whose page has seen a payment a moment before its webhook. */
async function openSeen() {
  const shop = openShop();
  const links: unknown[] = [];
  shop.kit.on('payment.completed', ({ data }) => links.push(data.managementPageLink));
  await shop.store.record(seen(shop));
  await shop.kit.start();
  await settle();
  return { ...shop, links };
}

test('a webhook that is a moment behind the page is what the handler sees, at once and once', async () => {
  const { deliver, links, clock } = await openSeen();
  expect(links).toEqual([]);
  expect((await deliver(webhook)).body).toBe('{"received":true,"duplicate":true}');
  await settle();
  expect(links).toEqual([LINK]);
  await clock.advance(60_000);
  expect(links).toEqual([LINK]);
});

test('without a webhook the page is enough, three seconds later', async () => {
  const { links, clock, store } = await openSeen();
  await clock.advance(2_900);
  expect(links).toEqual([]);
  await clock.advance(100);
  expect(links).toEqual([undefined]);
  expect(await store.get(KEY)).toMatchObject({ state: 'done', source: 'return' });
});

test('a webhook that another process received counts too', async () => {
  const { links, clock, store } = await openSeen();
  await store.record(payment(1, { raw: Buffer.from(JSON.stringify(webhook)) }));
  await clock.advance(3_000);
  expect(links).toEqual([LINK]);
});

test('a kit that closes meanwhile hands it back for the next process', async () => {
  const { kit, links, clock, store } = await openSeen();
  const closing = kit.close();
  await clock.advance(20_000);
  await closing;
  expect([links.length, (await store.get(KEY))?.state]).toEqual([1, 'done']);
});

test('what waited in the store for longer than that is handled at once', async () => {
  const shop = openShop();
  const links: unknown[] = [];
  shop.kit.on('payment.completed', ({ data }) => links.push(data.managementPageLink));
  await shop.store.record(seen(shop));
  await shop.clock.advance(10_000);
  await shop.kit.start();
  await settle();
  expect(links).toEqual([undefined]);
});
