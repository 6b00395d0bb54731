import type { DurableStore } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import {
  openRecoveryShop,
  PAYMENT,
  storeOfYesterday,
  SUBSCRIPTION,
} from './support/recovery-shop.js';

type RecoveryShop = Awaited<ReturnType<typeof openRecoveryShop>>;

const encoded = (uuid: string): string => encodeURIComponent(uuid);
const statusPath = (uuid: string): string =>
  `/v2/transaction/session-checkout/${encoded(uuid)}/status`;
const paymentPath = (uuid: string): string => `/v2/transaction/payment/${encoded(uuid)}`;

async function look({ kit, clock }: RecoveryShop, uuid = PAYMENT): Promise<string> {
  const url = `/success?uuid=${encoded(uuid)}`;
  const page = await kit.handleReturn({ method: 'GET', url, headers: {} }, { page: 'success' });
  await settled();
  // The next look is a fresh question.
  await clock.advance(1_000);
  return page.body;
}

/** Recording goes on after the page was answered, over a socket. */
async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 40);
  });
  await settle();
}

/** Lets the webhook have had its chance to come first. */
async function passHeadStart(shop: RecoveryShop): Promise<void> {
  await expect.poll(async () => (await shop.store.stats()).running).toBe(1);
  await shop.clock.advance(3_000);
}

async function openPaidShop(options: Parameters<typeof openRecoveryShop>[0] = {}) {
  const shop = await openRecoveryShop(options);
  shop.api.on(statusPath(PAYMENT), { status: 200, json: { status: 'completed' } });
  const { data } = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
  shop.api.on(paymentPath(PAYMENT), { status: 200, json: data });
  return shop;
}

test('a page that sees a payment before its webhook has it handled, once', async () => {
  const shop = await openPaidShop();
  expect(await look(shop)).toContain('Payment received');
  await passHeadStart(shop);
  await expect.poll(shop.keys).toEqual([`payment.completed:${PAYMENT}`]);
  expect(await shop.store.get(`payment.completed:${PAYMENT}`)).toMatchObject({ source: 'return' });

  await look(shop);
  await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } }));
  await settle();
  expect(shop.keys()).toHaveLength(1);
});

test('closing right after the answer records what its page has seen', async () => {
  const { clock, store } = await storeOfYesterday();
  const recorded: unknown[] = [];
  const durable: DurableStore = {
    ...store,
    durable: true,
    async close() {
      recorded.push((await store.get(`payment.completed:${PAYMENT}`))?.source);
      await store.close();
    },
  };
  const shop = await openPaidShop({ clock, store: durable });
  const url = `/success?uuid=${encoded(PAYMENT)}`;
  await shop.kit.handleReturn({ method: 'GET', url, headers: {} }, { page: 'success' });
  await shop.kit.close();
  expect(recorded).toEqual(['return']);
});

test('a page that comes after the webhook adds nothing', async () => {
  const shop = await openPaidShop();
  await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } }));
  await look(shop);
  await expect.poll(shop.keys).toEqual([`payment.completed:${PAYMENT}`]);
});

test('many pages at once record it once', async () => {
  const shop = await openPaidShop();
  await Promise.all(Array.from({ length: 50 }, async () => look(shop)));
  await passHeadStart(shop);
  await expect.poll(shop.keys).toEqual([`payment.completed:${PAYMENT}`]);
  const asked = shop.paths().filter((path) => path === `/v2/transaction/payment/${PAYMENT}`);
  // To record it and for what the pages show alike.
  expect(asked).toHaveLength(1);
});

test('the status route and watchers see and record like the pages', async () => {
  const shop = await openPaidShop();
  for await (const report of shop.kit.watchStatus({ uuid: PAYMENT }))
    expect(report.status).toBe('completed');
  await settled();
  await passHeadStart(shop);
  await expect.poll(shop.keys).toEqual([`payment.completed:${PAYMENT}`]);
});

test('what failed is tried again at the next look, and the page says paid all the same', async () => {
  const shop = await openPaidShop();
  const { data } = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
  shop.api.on(paymentPath(PAYMENT), { status: 403 });
  expect(await look(shop)).toContain('Payment received');
  expect(shop.keys()).toEqual([]);
  await expect.poll(() => shop.logger.withCode('seen_not_recorded').length).toBe(1);

  shop.api.on(paymentPath(PAYMENT), { status: 200, json: data });
  await expect
    .poll(async () => {
      await look(shop);
      return shop.keys();
    })
    .toEqual([`payment.completed:${PAYMENT}`]);
});

test('so is a payment that is not there yet', async () => {
  const shop = await openPaidShop();
  const { data } = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
  shop.api.on(paymentPath(PAYMENT), { status: 404 });
  await look(shop);
  expect(shop.keys()).toEqual([]);
  shop.api.on(paymentPath(PAYMENT), { status: 200, json: data });
  await expect
    .poll(async () => {
      await look(shop);
      return shop.keys();
    })
    .toEqual([`payment.completed:${PAYMENT}`]);
});

test('a bare id of a subscription is recorded as one', async () => {
  const shop = await openRecoveryShop();
  const bare = SUBSCRIPTION.slice(4);
  shop.api.on(statusPath(bare), { status: 200, json: { status: 'completed' } });
  const { data } = fixtures.v2['subscription.created']({ data: { uuid: SUBSCRIPTION } });
  shop.api.on(`/v2/transaction/subscription/${bare}`, { status: 200, json: data });
  await look(shop, bare);
  await passHeadStart(shop);
  await expect.poll(shop.keys).toEqual([`subscription.created:${SUBSCRIPTION}`]);
});

test.each(['created', 'waitingConfirmation', 'expired', 'frozen'])(
  'a page that shows %s records nothing',
  async (status) => {
    const shop = await openRecoveryShop();
    shop.api.on(statusPath(PAYMENT), { status: 200, json: { status } });
    await look(shop);
    expect(await shop.store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
  },
);

test('whom authorize refuses records nothing', async () => {
  const shop = await openPaidShop();
  const url = `/success?uuid=${encoded(PAYMENT)}`;
  await shop.kit.handleReturn(
    { method: 'GET', url, headers: {} },
    { page: 'success', authorize: () => false },
  );
  await settled();
  expect([shop.keys(), shop.paths()]).toEqual([[], []]);
});

test('nothing of the customer is on the page of what was recorded, nor in a log line', async () => {
  const shop = await openPaidShop();
  const { data } = fixtures.v2['payment.completed']({
    data: { uuid: PAYMENT, customerReference: 'jane@customer.test', customerUuid: 'customer-1' },
  });
  shop.api.on(paymentPath(PAYMENT), { status: 200, json: { ...data, note: 'ring twice, Jane' } });
  const body = (await look(shop)) + JSON.stringify(shop.logger.lines);
  expect(body).not.toMatch(/customer-1|jane|ring twice|sk_test|whsec/i);
});

test.each([
  ['says nothing of it', {}],
  ['does not say when it was made', { uuid: PAYMENT, name: 'Tea' }],
])(
  'an answer that %s is not the last one: a look a minute later records it',
  async (_what, told) => {
    const shop = await openPaidShop();
    const { data } = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
    shop.api.on(paymentPath(PAYMENT), { status: 200, json: told }, { status: 200, json: data });
    await look(shop);
    expect(shop.keys()).toEqual([]);
    await shop.clock.advance(60_000);
    await look(shop);
    await passHeadStart(shop);
    await expect.poll(shop.keys).toEqual([`payment.completed:${PAYMENT}`]);
  },
);
