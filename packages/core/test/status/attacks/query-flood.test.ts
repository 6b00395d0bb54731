import type { FakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import {
  type LiveShop,
  openLiveShop,
  passUntil,
  pathOf,
  PAYMENT,
  until,
} from '../support/live-shop.js';

test('two hundred requests at once for one id are one query', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'completed' });
  const answers = await Promise.all(Array.from({ length: 200 }, async () => open(pathOf(PAYMENT))));
  expect(new Set(answers.map(({ body }) => JSON.parse(body).state))).toEqual(new Set(['paid']));
  expect(api.asked).toEqual([PAYMENT]);
});

test('nor are success page, cancel page and status route together more than one', async () => {
  const { api, kit, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const url = `/r?uuid=${encodeURIComponent(PAYMENT)}`;
  const request = { method: 'GET', url, headers: {} };
  await Promise.all([
    open(pathOf(PAYMENT)),
    kit.handleReturn(request, { page: 'success' }),
    kit.handleReturn(request, { page: 'cancel' }),
  ]);
  expect(api.asked).toEqual([PAYMENT]);
});

test('five thousand made-up ids are never more than twenty-four queries at once, and ten a second', async () => {
  const { api, clock, open } = await openLiveShop();
  const release = api.hold();
  const answers = Promise.all(
    Array.from({ length: 5_000 }, async (_, number) => open(pathOf(`pay@${number}`))),
  );
  await until(() => api.asked.length === 24);
  expect(api.unanswered).toBe(24);
  release();
  await until(() => api.asked.length === 40 && api.unanswered === 0);
  for (let second = 1; second <= 5; second += 1) {
    await clock.advance(1_000);
    await until(() => api.asked.length === 40 + 10 * second && api.unanswered === 0);
  }
  const statuses = (await answers).map(({ status }) => status);
  expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(80);
  expect(new Set(statuses)).toEqual(new Set([200, 404]));
});

test('one after the other they never get beyond it either', async () => {
  const { api, clock, open } = await openLiveShop();
  const release = api.hold();
  const answers: Promise<unknown>[] = [];
  let most = 0;
  for (let round = 0; round < 20; round += 1) {
    for (let index = 0; index < 20; index += 1) answers.push(open(pathOf(`pay@${round}-${index}`)));
    await until(() => api.asked.length === Math.min(24, (round + 1) * 20));
    most = Math.max(most, api.unanswered);
  }
  expect(most).toBe(24);
  release();
  await passUntilSettled(clock, answers);
});

/** Lets time pass until all pages are there. */
async function passUntilSettled(clock: FakeClock, pages: readonly Promise<unknown>[]) {
  let isOver = false;
  const all = Promise.all(pages).finally(() => (isOver = true));
  await passUntil(clock, () => isOver);
  return all;
}

/** A flood of made-up ids from one address, which goes on for as long as `isOver` says. */
async function floodFrom(shop: LiveShop, client: string, isOver: () => boolean): Promise<void> {
  const pages = new Set<Promise<unknown>>();
  for (let number = 0; !isOver(); number += 25) {
    for (let index = number; index < number + 25; index += 1) {
      const page = shop.open(pathOf(`pay@${client}-${index}`), { client });
      pages.add(page);
    }
    await shop.clock.advance(100);
    await settle();
  }
  await shop.clock.advance(5_000);
  await Promise.all(pages);
}

test.each([
  ['from another address', '198.51.100.7'],
  ['from the same address, behind a proxy that nobody told of', '192.0.2.1'],
])('a payer whose id is not known here is answered beside a flood %s', async (_what, client) => {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, { status: 'completed' });
  let isPaid = false;
  const flood = floodFrom(shop, '192.0.2.1', () => isPaid);
  await until(() => shop.api.asked.length >= 40);
  // A page that waits is loaded again by itself.
  for (let look = 0; look < 5 && !isPaid; look += 1) {
    const { body } = await shop.open(pathOf(PAYMENT), { client });
    isPaid = JSON.parse(body).state === 'paid';
  }
  expect(isPaid).toBe(true);
  await flood;
});

test('a session that this kit opened is asked about while strangers fill every place they have', async () => {
  const shop = await openLiveShop();
  const { api, kit, open } = shop;
  const release = api.hold();
  const flood = Array.from({ length: 500 }, async (_, number) => open(pathOf(`pay@${number}`)));
  await until(() => api.unanswered === 24);
  api.opens({ uuid: PAYMENT, link: 'https://pay.test/1' });
  api.set(PAYMENT, { status: 'created' });
  await kit.checkout.createPayment({ productName: 'Tea', price: 4.5 });
  const page = open(pathOf(PAYMENT));
  await until(() => api.asked.includes(PAYMENT));
  release();
  expect(JSON.parse((await page).body)).toMatchObject({ state: 'waiting', step: 'customer' });
  await passUntilSettled(shop.clock, flood);
});

test.each(['a webhook', 'authorize'])('and so is what %s vouches for', async (voucher) => {
  const { api, clock, kit, open, payByWebhook } = await openLiveShop();
  const release = api.hold();
  const flood = Array.from({ length: 500 }, async (_, number) => open(pathOf(`pay@${number}`)));
  await until(() => api.unanswered === 24);
  api.set(PAYMENT, { status: 'completed' });
  if (voucher === 'a webhook') await payByWebhook(PAYMENT);
  const options = voucher === 'authorize' ? { authorize: () => true } : {};
  const page = kit.handleStatus({ method: 'GET', url: pathOf(PAYMENT), headers: {} }, options);
  await until(() => api.asked.includes(PAYMENT));
  release();
  expect(JSON.parse((await page).body)).toMatchObject({ state: 'paid' });
  await passUntilSettled(clock, flood);
});

test('an authorize that lets everybody through lets nobody hammer the API', async () => {
  const { api, clock, kit, payByWebhook } = await openLiveShop();
  const release = api.hold();
  const open = async (id: string) =>
    kit.handleStatus({ method: 'GET', url: pathOf(id), headers: {} }, { authorize: () => true });
  const flood = Array.from({ length: 500 }, async (_, number) => open(`pay@${number}`));
  await until(() => api.unanswered === 28);
  api.set(PAYMENT, { status: 'completed' });
  await payByWebhook(PAYMENT);
  const page = open(PAYMENT);
  await until(() => api.unanswered === 29);
  release();
  expect(JSON.parse((await page).body)).toMatchObject({ state: 'paid' });
  await until(() => api.asked.length === 41 && api.unanswered === 0);
  await clock.advance(1_000);
  await until(() => api.asked.length === 51 && api.unanswered === 0);
  await passUntilSettled(clock, flood);
});

test('an id that somebody vouches for lends nothing to its other spellings', async () => {
  const { api, clock, open, payByWebhook } = await openLiveShop();
  await payByWebhook(PAYMENT);
  const release = api.hold();
  const digits = PAYMENT.slice(4).split('');
  const spellings = Array.from({ length: 200 }, (_, mask) =>
    digits
      .map((digit, place) => ((mask >> (place % 8)) & 1 ? digit.toUpperCase() : digit))
      .join(''),
  );
  const pages = [...new Set(spellings)].map(async (id) => open(pathOf(`PAY@${id}`)));
  await until(() => api.unanswered === 24);
  expect(api.asked.length).toBe(24);
  release();
  await passUntilSettled(clock, pages);
});

test('after a 429 a known id is still asked about, one a second, and strangers wait', async () => {
  const { api, clock, open, payByWebhook } = await openLiveShop();
  const known = Array.from({ length: 3 }, (_, number) => `pay@known-${number}`);
  for (const id of known) await payByWebhook(id);
  api.set('pay@1', { http: 429, headers: { 'retry-after': '60' } });
  await open(pathOf('pay@1'));
  for (const id of known) api.set(id, { status: 'created' });
  const pages = known.map(async (id) => open(pathOf(id)));
  expect(JSON.parse((await open(pathOf('pay@2'))).body)).toMatchObject({ state: 'waiting' });
  for (let second = 1; second <= 3; second += 1) {
    await clock.advance(1_000);
    await until(() => api.asked.length === 1 + second && api.unanswered === 0);
  }
  for (const page of pages)
    expect(JSON.parse((await page).body)).toMatchObject({ step: 'customer' });
});

test('a customer whose webhook came is shown paid, though the API asks to be left alone', async () => {
  const { api, clock, open, payByWebhook } = await openLiveShop();
  for (const id of [PAYMENT, PAYMENT.slice(4)])
    api.set(id, { http: 429, headers: { 'retry-after': '60' } });
  await payByWebhook(PAYMENT);
  const pages = [PAYMENT, PAYMENT.slice(4)].map(async (id) => open(pathOf(id)));
  await passUntil(clock, () => api.asked.length >= 1 && api.unanswered === 0);
  await clock.advance(5_000);
  for (const page of pages) expect(JSON.parse((await page).body)).toMatchObject({ state: 'paid' });
});

test('429 slows strangers down: nobody is asked about until Retry-After, and all wait', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { http: 429, headers: { 'retry-after': '30' } });
  const first = await open(pathOf(PAYMENT));
  expect([first.status, first.headers['retry-after'], JSON.parse(first.body).state]).toEqual([
    200,
    '30',
    'waiting',
  ]);
  await clock.advance(29_999);
  const states = await Promise.all(
    Array.from(
      { length: 100 },
      async (_, number) => JSON.parse((await open(pathOf(`pay@${number}`))).body).state,
    ),
  );
  expect(new Set(states)).toEqual(new Set(['waiting']));
  expect(api.asked).toEqual([PAYMENT]);

  api.set(PAYMENT, { status: 'completed' });
  await clock.advance(1);
  expect(JSON.parse((await open(pathOf(PAYMENT))).body).state).toBe('paid');
});
