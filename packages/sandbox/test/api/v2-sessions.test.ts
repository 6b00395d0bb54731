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
