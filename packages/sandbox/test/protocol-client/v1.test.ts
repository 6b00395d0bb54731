import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/index.js';
import { createJudge } from '../shapes/judge.js';
import { openWorld } from '../support/world.js';
import { clientV1, digestOf, firstOf } from './client.js';

const teapot = { productName: 'Teapot', description: 'Holds a litre', price: 4.5 };
const MONTH_S = 2_592_000;
const monthly = { frequency: { value: 1, unit: 'months' } };

async function connect(options: SandboxOptions = {}) {
  const judge = createJudge();
  const world = await openWorld({ deliver: 'v1', ...options });
  return { ...world, judge, api: clientV1(world.sandbox, judge) };
}

test('a payment: opened, shown, waited for, read', async () => {
  const clock = fakeClock();
  const { api, sandbox } = await connect({ clock, confirmationMs: 1_000 });
  const order = {
    ...teapot,
    reference: 'order-77',
    successUrl: 'https://shop.example/thanks?uuid={{UUID}}&transactionType={{TRANSACTION_TYPE}}',
    cancelUrl: 'https://shop.example/cart',
    customerReference: 'customer-7',
  };
  const { body: created } = await api.createPayment(order);
  const uuid = String(created['uuid']);
  expect(created['expiresAt']).toBe(clock.now() / 1000 + 86_400);
  expect((await api.session(uuid)).body).toMatchObject({
    ...order,
    uuid,
    txType: 'payment',
    customerUUID: null,
    test: true,
  });
  expect((await api.status(uuid, 'payment')).status).toBe(404);
  expect((await api.payment(uuid)).status).toBe(404);
  await sandbox.fail(uuid);
  expect((await api.status(uuid, 'payment')).body).toMatchObject({ status: 'failed' });
  await sandbox.pay(uuid);
  expect((await api.status(uuid, 'payment')).body).toMatchObject({ status: 'waitingConfirmation' });
  await clock.advance(500);
  expect((await api.legacyStatus(uuid, 'payment')).body).toMatchObject({ status: 'pending' });
  await clock.advance(500);
  const { body: status } = await api.status(uuid, 'payment');
  expect(status).toEqual({ status: 'completed', txHash: expect.any(String) });
  expect((await api.payment(uuid)).body).toMatchObject({
    uuid,
    reference: 'order-77',
    amount: 4.5,
    transactionHash: status['txHash'],
    name: 'Teapot',
  });
});

test('a session is shown to whoever has its id', async () => {
  const { api, sandbox, judge } = await connect();
  const uuid = String((await api.createPayment({ productId: 7 })).body['uuid']);
  const customer = clientV1({ url: sandbox.url, apiKey: '' }, judge);
  expect((await customer.session(uuid)).body).toMatchObject({ uuid, productId: 7 });
  expect((await customer.status(uuid, 'payment')).status).toBe(401);
});

test('a subscription: its times are seconds, its status has a name of its own', async () => {
  const { api, sandbox } = await connect({ clock: fakeClock() });
  const { body } = await api.createSubscription({
    productReference: 'tea-club',
    ...monthly,
    trialPeriod: { value: 7, unit: 'days' },
    minPeriods: 3,
    reference: 'club-5',
  });
  const uuid = String(body['uuid']);
  expect((await api.session(uuid)).body).toMatchObject({
    txType: 'createSubscription',
    productReference: 'tea-club',
    frequency: MONTH_S,
    trialPeriod: 604_800,
    minPeriods: 3,
  });
  await sandbox.pay(uuid);
  expect((await api.status(uuid, 'createSubscription')).body).toMatchObject({
    status: 'completed',
  });
  expect((await api.subscription(uuid)).body).toMatchObject({
    reference: 'club-5',
    subscriptionStatus: 'trial',
    frequency: MONTH_S,
    stopped: false,
  });
  await sandbox.bill(uuid);
  await sandbox.cancel(uuid);
  expect((await api.subscription(uuid)).body).toMatchObject({ subscriptionStatus: 'cancelled' });
});

test('SDK 1.x opens both kinds on one route and reads the terms under options', async () => {
  const { api, sandbox } = await connect();
  const payment = String((await api.createLegacy(teapot)).body['uuid']);
  expect(payment).toMatch(/^pay@/);
  const { body } = await api.createLegacy({
    ...teapot,
    options: {
      subscriptionType: 'subscription',
      ...monthly,
      trialPeriod: { value: 1, unit: 'weeks' },
      minPeriods: 2,
    },
  });
  const uuid = String(body['uuid']);
  const { body: session } = await api.session(uuid);
  expect(session).toMatchObject({
    txType: 'createSubscription',
    options: {
      subscriptionType: 'subscription',
      frequency: MONTH_S,
      trialPeriod: 604_800,
      minPeriods: 2,
    },
    availableCurrencies: [{ symbol: 'USDC' }, { symbol: 'USDT' }],
  });
  expect(session).not.toHaveProperty('frequency');
  await sandbox.pay(uuid);
  expect((await api.legacyStatus(uuid, 'createSubscription')).body).toMatchObject({
    type: 'createSubscription',
    status: 'completed',
  });
});

test('what is wrong is said', async () => {
  const { api } = await connect();
  for (const body of [
    {},
    { productName: 'Teapot' },
    { ...teapot, productId: 7 },
    { ...teapot, price: 0 },
    { ...teapot, successUrl: '/thanks' },
  ])
    expect((await api.createPayment(body)).status).toBe(400);
  expect((await api.createSubscription(teapot)).status).toBe(400);
  expect((await api.session('pay@none')).status).toBe(404);
  expect((await api.subscription('sub@none')).status).toBe(404);
  expect((await api.status('', 'payment')).status).toBe(400);
});

test('the reason stands in the field that SDKs 1 and 2 show', async () => {
  const { api } = await connect();
  const { body } = await api.createPayment({ ...teapot, price: 0 });
  expect(body['error']).toEqual(expect.stringContaining('price'));
});

test("a stranger's space is not there", async () => {
  const { api } = await connect();
  const answer = await api.send('GET', '/v1/transaction/payment/pay%40none', {
    headers: { 'On-Behalf-Of': '999' },
  });
  expect(answer.status).toBe(404);
});

test('a delivery is verified by its value', async () => {
  const { api, sandbox, receiver } = await connect();
  await sandbox.pay(String((await api.createPayment(teapot)).body['uuid']));
  await sandbox.idle();
  const { body, headers } = firstOf(receiver);
  const payload: unknown = JSON.parse(body);
  const delivery = {
    payload,
    receivedSignature: headers['x-webhook-signature-256'],
    receivedTimestamp: headers['x-webhook-timestamp'],
  };
  expect((await api.verify(delivery)).status).toBe(200);
  expect(
    (await api.verify({ ...delivery, payload: { ...Object(payload), uuid: 'pay@1' } })).status,
  ).toBe(400);
  expect((await api.verify({ ...delivery, receivedTimestamp: '1' })).status).toBe(400);
  const t = Math.floor(Date.now() / 1000);
  const own = `sha256=${digestOf(sandbox.secret, t, '{}')}`;
  const signed = { payload: {}, receivedSignature: own, receivedTimestamp: String(t) };
  expect((await api.verify(signed)).status).toBe(200);
});
