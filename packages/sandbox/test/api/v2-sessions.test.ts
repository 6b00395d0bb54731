import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, openSubscription, payment } from '../support/world.js';

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

test('a reference is taken once', async () => {
  const sandbox = await openSandbox();
  await call(sandbox, create, { ...payment, reference: 'order-1' });
  const again = await call(sandbox, create, { ...payment, reference: 'order-1' });
  expect(again.status).toBe(409);
  expect(again.body['code']).toBe('unique_violation');
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
