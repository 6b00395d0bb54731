import { expect, test } from 'vitest';
import { fakeClock } from '@qbitflow/core/testing';
import {
  call,
  openPayment,
  openSandbox,
  openSubscription,
  payment,
  subscription,
} from '../support/world.js';

const create = 'POST /v2/transaction/session-checkout/new/payment';

test('a session is opened with a link to its page', async () => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, create, payment);
  expect(status).toBe(201);
  expect(body['uuid']).toMatch(/^pay@[0-9a-f]{8}-[0-9a-f]{4}-4/);
  expect(body['link']).toBe(`${sandbox.url}/checkout/${encodeURIComponent(String(body['uuid']))}`);
  expect(body['expiresAt']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('the same key and body open one session, the same key with another body is refused', async () => {
  const sandbox = await openSandbox();
  const key = { 'idempotency-key': 'a-key' };
  const first = await call(sandbox, create, payment, key);
  const again = await call(sandbox, create, payment, key);
  expect(again.body).toEqual(first.body);
  expect(sandbox.sessions).toHaveLength(1);
  const other = await call(sandbox, create, { ...payment, price: 3 }, key);
  expect(other.status).toBe(422);
  expect(other.body['code']).toBe('idempotency_key_reused');
});

const HOUR = 3_600_000;

test('a key is remembered for 24 hours, with the answer of then', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const key = { 'idempotency-key': 'a-key' };
  const first = await call(sandbox, create, payment, key);
  await sandbox.expire(String(first.body['uuid']));
  await clock.advance(23 * HOUR);
  expect((await call(sandbox, create, payment, key)).body).toEqual(first.body);
  await clock.advance(HOUR);
  const later = await call(sandbox, create, { ...payment, price: 3 }, key);
  expect([later.status, sandbox.sessions.length]).toEqual([201, 2]);
});

test('a create that failed is not remembered by its key', async () => {
  const sandbox = await openSandbox();
  const key = { 'idempotency-key': 'a-key' };
  expect((await call(sandbox, create, { ...payment, price: 0 }, key)).status).toBe(400);
  expect((await call(sandbox, create, payment, key)).status).toBe(201);
});

test.each(['', 'with space', 'x'.repeat(256)])('%j is no key', async (key) => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, create, payment, { 'idempotency-key': key });
  expect(status).toBe(400);
  expect(body).toMatchObject({ details: { errors: [{ field: 'Idempotency-Key' }] } });
});

test('a reference is held by an open session and by a payment, and free once it expired', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const order = { ...payment, reference: 'order-1', expiresInMinutes: 10 };
  const ask = async () => call(sandbox, create, order);
  expect((await ask()).status).toBe(201);
  expect(await ask()).toMatchObject({
    status: 409,
    body: { code: 'unique_violation', details: { field: 'reference' } },
  });
  await clock.advance(10 * 60_000);
  const second = await ask();
  expect(second.status).toBe(201);
  await sandbox.pay(String(second.body['uuid']));
  await clock.advance(48 * HOUR);
  expect((await ask()).status).toBe(409);
});

const shipping = { label: 'Shipping', amountUsd: 0.01 };

test('fees are paid beside the price', async () => {
  const sandbox = await openSandbox();
  const fees = { processingFee: true, items: [{ ...shipping, amountUsd: '0.10' }] };
  const uuid = await openPayment(sandbox, { price: 4, fees });
  const { session } = await sandbox.pay(uuid);
  expect(await (await fetch(session.link)).text()).toContain('4.16 USD');
  expect((await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).body).toMatchObject({
    price: 4,
    amount: 4.16,
    amountMinUnits: '4160000',
    fees: [
      { type: 'custom', label: 'Shipping', amountUsd: '0.1' },
      { type: 'processingFee', amountUsd: '0.06' },
    ],
  });
});

test('the cap is for price and fees together, and says how much it is', async () => {
  const sandbox = await openSandbox();
  const items = [shipping, shipping];
  const { status, body } = await call(sandbox, create, { ...payment, fees: { items } });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    details: { max: 5, errors: [{ field: 'price', message: expect.stringContaining('5 USD') }] },
  });
  expect(JSON.stringify(body)).not.toContain('Infinity');
});

const createSubscription = 'POST /v2/transaction/session-checkout/new/subscription';

test.each([
  ['fees', { fees: { items: [shipping] } }],
  ['frequency', { frequency: { value: 299, unit: 'seconds' } }],
  ['frequency', { frequency: { value: 13, unit: 'months' } }],
  ['frequency.unit', { frequency: { value: 1, unit: 'decades' } }],
  ['frequency.value', { frequency: { value: 0, unit: 'days' } }],
  ['trialPeriod.unit', { trialPeriod: { value: 1 } }],
  ['minPeriods', { minPeriods: -1 }],
  ['minPeriods', { minPeriods: 1001 }],
])("a subscription's %s is at fault in %j", async (field, changes) => {
  const sandbox = await openSandbox();
  const { body } = await call(sandbox, createSubscription, { ...subscription, ...changes });
  expect(body).toMatchObject({ details: { errors: [{ field }] } });
});

test('a trial of 0 is none, in no unit, and 0 periods are no minimum', async () => {
  const sandbox = await openSandbox();
  const terms = {
    trialPeriod: { value: 0 },
    minPeriods: 0,
    frequency: { value: 1, unit: 'years' },
  };
  const uuid = await openSubscription(sandbox, terms);
  const { session } = await sandbox.pay(uuid);
  expect(session.subscription).toMatchObject({ status: 'active', billCount: 1 });
});

test.each([
  ['price', { price: 0 }],
  ['price', { price: 5.01 }],
  ['price', { price: '4' }],
  ['productName', { productName: 'x' }],
  ['productUuid', { productReference: 'p' }],
  ['reference', { reference: 'with space' }],
  ['successUrl', { successUrl: 'javascript:alert(1)' }],
  ['cancelUrl', { cancelUrl: '/cancel' }],
  ['expiresInMinutes', { expiresInMinutes: 9 }],
  ['productName', { productName: 'Tea; green' }],
  ['description', { description: 'a\nb' }],
  ['description', { description: 'x' }],
  ['customerUuid', { customerUuid: 'c-1' }],
  ['customerReference', { customerReference: 'c 1' }],
  ['cancelUrl', { cancelUrl: `https://shop.test/${'x'.repeat(2040)}` }],
  ['fees', { fees: [shipping] }],
  ['fees.processingFee', { fees: { processingFee: 1 } }],
  ['fees.items', { fees: { items: Array.from({ length: 11 }, () => shipping) } }],
  ['fees.items.0.label', { fees: { items: [{ ...shipping, label: 'a\nb' }] } }],
  ['fees.items.0.amountUsd', { fees: { items: [{ ...shipping, amountUsd: '0.001' }] } }],
])('%s is at fault in %j', async (field, changes) => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, create, { ...payment, ...changes });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    code: 'validation_failed',
    requestId: expect.any(String),
    details: { errors: [{ field, message: expect.any(String) }] },
  });
});

test('what is not a JSON object is refused', async () => {
  const sandbox = await openSandbox();
  for (const body of ['{', '[]', 'null', '1'])
    expect((await call(sandbox, create, body)).body['code']).toBe('validation_failed');
  const huge = await call(sandbox, create, `"${'x'.repeat(1_048_577)}"`);
  expect(huge.status).toBe(413);
});

test('without the right key nothing is answered, and the request id comes back', async () => {
  const sandbox = await openSandbox();
  const answer = await call(sandbox, create, payment, { 'x-api-key': 'no', 'x-request-id': 'r-1' });
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ code: 'unauthorized', requestId: 'r-1' });
  expect(answer.headers.get('x-request-id')).toBe('r-1');
});

test('status: created, created with the failed attempt, completed', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const status = `GET /v2/transaction/session-checkout/${encodeURIComponent(uuid)}/status`;
  expect((await call(sandbox, status)).body).toEqual({ uuid, status: 'created' });
  await sandbox.fail(uuid);
  expect((await call(sandbox, status)).body).toMatchObject({
    status: 'created',
    lastAttempt: { status: 'failed', at: expect.any(String) },
  });
  await sandbox.pay(uuid);
  const done = await call(sandbox, status);
  expect(done.body).toEqual({
    uuid,
    status: 'completed',
    txHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  });
});

test('an open session can be expired, a paid one cannot', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const expire = `POST /v2/transaction/session-checkout/${uuid}/expire`;
  expect((await call(sandbox, expire)).body).toEqual({ uuid, status: 'expired' });
  expect(sandbox.events.map(({ type }) => type)).toContain('checkout.expired');
  const paid = await openPayment(sandbox);
  await sandbox.pay(paid);
  const refused = await call(sandbox, `POST /v2/transaction/session-checkout/${paid}/expire`);
  expect(refused.status).toBe(409);
  expect(refused.body['code']).toBe('tx_already_sent');
});

test('a payment and a subscription are there once completed', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox, { reference: 'order-1' });
  const sub = await openSubscription(sandbox);
  expect((await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).status).toBe(404);
  await sandbox.pay(uuid);
  await sandbox.pay(sub);
  expect((await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).body).toMatchObject({
    uuid,
    reference: 'order-1',
    amountMinUnits: '4990000',
  });
  expect((await call(sandbox, `GET /v2/transaction/subscription/${sub}`)).body).toMatchObject({
    uuid: sub,
    status: 'active',
    priceUsd: '4.99',
  });
});

test('an unknown route and an unknown session are 404 in the shape of v2', async () => {
  const sandbox = await openSandbox();
  for (const path of ['/v2/nothing', '/v2/transaction/session-checkout/pay@0/status'])
    expect((await call(sandbox, `GET ${path}`)).body).toMatchObject({ code: 'not_found' });
});
