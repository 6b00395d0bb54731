import { expect, test } from 'vitest';
import { call, openSandbox, openWorld, payment, subscription } from '../support/world.js';

const create = 'POST /v1/transaction/session-checkout/new';

test('a session is opened, shown to anyone, and found by its bare UUID', async () => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, `${create}/subscription`, subscription);
  expect(status).toBe(200);
  expect(body['expiresAt']).toEqual(expect.any(Number));
  const uuid = String(body['uuid']);
  const path = `/v1/transaction/session-checkout/${uuid.slice('sub@'.length)}`;
  const shown = await call(sandbox, `GET ${path}?closeToExpireError=false`, undefined, {
    'x-api-key': '',
  });
  expect(shown.body).toMatchObject({
    uuid,
    txType: 'createSubscription',
    frequency: 2_592_000,
    customerUUID: null,
    availableCurrencies: [1, 3],
  });
});

test('status: 404, failed, completed, under new and old names', async () => {
  const sandbox = await openSandbox();
  const { body } = await call(sandbox, `${create}/payment`, payment);
  const uuid = String(body['uuid']);
  const status = `GET /v1/transaction/status?txUUID=${encodeURIComponent(uuid)}&txType=payment`;
  expect((await call(sandbox, status)).status).toBe(404);
  await sandbox.fail(uuid);
  expect((await call(sandbox, status)).body).toMatchObject({ status: 'failed' });
  await sandbox.pay(uuid);
  const old = `GET /v1/transaction/status?transactionUUID=${uuid}&transactionStatusType=payment`;
  expect((await call(sandbox, old)).body).toMatchObject({ status: 'completed' });
  expect((await call(sandbox, `GET /v1/transaction/payment/${uuid}`)).body).toMatchObject({
    uuid,
    transactionHash: expect.stringMatching(/^0x/),
    customerUUID: expect.any(String),
  });
});

test('SDK 1.x posts to one route, and its webhooks have the type in the status', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  const { body } = await call(sandbox, 'POST /v1/transaction/session-checkout/', {
    ...payment,
    options: { subscriptionType: 'subscription', frequency: { value: 1, unit: 'weeks' } },
  });
  const { redirectUrl } = await sandbox.pay(String(body['uuid']));
  expect(redirectUrl).toContain('type=subscription');
  await sandbox.idle();
  const webhook = receiver.received.map((delivery) => JSON.parse(delivery.body))[0];
  expect(webhook).toMatchObject({ status: { type: 'createSubscription', status: 'completed' } });
  expect(webhook).not.toHaveProperty('txType');
});

test("v1 webhooks go to the session's own webhookUrl where it has one", async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1', webhookUrl: undefined });
  const { body } = await call(sandbox, `${create}/payment`, {
    ...payment,
    webhookUrl: receiver.url,
  });
  await sandbox.pay(String(body['uuid']));
  await sandbox.idle();
  expect(receiver.received).toHaveLength(1);
});
