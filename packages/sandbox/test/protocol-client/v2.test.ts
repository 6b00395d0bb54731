import type { ServerResponse } from 'node:http';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/index.js';
import { createJudge } from '../shapes/judge.js';
import { openWorld } from '../support/world.js';
import { clientV2, digestOf, firstOf } from './client.js';

const KEY = '8d0f6a52-3b1e-4c1f-9a55-0c2d3e4f5a6b';
const CUSTOMER = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const teapot = { productName: 'Teapot', price: 4.5 };

async function connect(
  options: SandboxOptions = {},
  answer?: (response: ServerResponse, number: number) => void,
) {
  const judge = createJudge();
  const world = await openWorld(options, answer);
  return { ...world, judge, api: clientV2(world.sandbox, judge) };
}

test('a payment: opened, waited for, read', async () => {
  const clock = fakeClock();
  const { api, sandbox } = await connect({ clock, confirmationMs: 1_000 });
  const created = await api.createPayment(
    {
      ...teapot,
      description: 'Holds a litre',
      reference: 'order-77',
      customerUuid: CUSTOMER,
      customerReference: 'customer-7',
      successUrl: 'https://shop.example/thanks?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
      cancelUrl: 'https://shop.example/cart',
      expiresInMinutes: 30,
      fees: { processingFee: false, items: [{ label: 'Shipping', amountUsd: '0.49' }] },
    },
    KEY,
  );
  expect(created.status).toBe(201);
  const uuid = String(created.body['uuid']);
  expect(uuid).toMatch(/^pay@/);
  expect(created.body['expiresAt']).toBe(new Date(clock.now() + 1_800_000).toISOString());
  expect((await api.status(uuid)).body).toEqual({ uuid, status: 'created' });
  expect((await api.payment(uuid)).status).toBe(404);

  await sandbox.fail(uuid);
  expect((await api.status(uuid)).body).toMatchObject({
    status: 'created',
    lastAttempt: { status: 'failed' },
  });
  const { redirectUrl } = await sandbox.pay(uuid);
  expect(redirectUrl).toBe(
    `https://shop.example/thanks?uuid=${encodeURIComponent(uuid)}&type=payment`,
  );
  expect((await api.status(uuid)).body).toMatchObject({ status: 'waitingConfirmation' });
  await clock.advance(1_000);
  const { body: status } = await api.status(uuid);
  expect(status['status']).toBe('completed');
  expect((await api.payment(uuid)).body).toMatchObject({
    uuid,
    reference: 'order-77',
    amount: 4.99,
    price: 4.5,
    fees: [{ type: 'custom', label: 'Shipping', amountUsd: '0.49' }],
    customerUuid: CUSTOMER,
    customerReference: 'customer-7',
    txHash: status['txHash'],
  });
});

test('a subscription: opened with a trial, billed, cancelled, still read', async () => {
  const { api, sandbox } = await connect({ clock: fakeClock() });
  const terms = {
    ...teapot,
    reference: 'club-5',
    frequency: { value: 1, unit: 'months' },
    trialPeriod: { value: 1, unit: 'weeks' },
    minPeriods: 3,
  };
  const { body } = await api.createSubscription(terms, KEY);
  const uuid = String(body['uuid']);
  expect(uuid).toMatch(/^sub@/);
  expect((await api.subscription(uuid)).status).toBe(404);
  await sandbox.pay(uuid);
  expect((await api.subscription(uuid)).body).toMatchObject({
    status: 'trial',
    frequency: { value: 1, unit: 'months' },
    currentPeriodEnd: '2026-10-08T12:00:00.000Z',
  });
  await sandbox.bill(uuid);
  expect((await api.subscription(uuid)).body).toMatchObject({ status: 'active', priceUsd: '4.5' });
  await sandbox.cancel(uuid);
  expect((await api.subscription(uuid)).body).toMatchObject({
    status: 'cancelled',
    cancellationReason: 'customer',
  });
  expect((await api.payment(uuid)).status).toBe(404);
});

test('a create that is repeated under its key opens one session', async () => {
  const { api, sandbox } = await connect();
  const first = await api.createPayment(teapot, KEY);
  const again = await api.createPayment(teapot, KEY);
  expect([again.status, again.body]).toEqual([201, first.body]);
  expect(sandbox.sessions).toHaveLength(1);
  const other = await api.createPayment({ ...teapot, price: 4 }, KEY);
  expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
});

test('a create that failed leaves its key to the next', async () => {
  const { api } = await connect();
  expect((await api.createPayment({ ...teapot, price: 0 }, KEY)).status).toBe(400);
  expect((await api.createPayment(teapot, KEY)).status).toBe(201);
});

test.each([
  ['productName', { productName: 'T' }],
  ['successUrl', { successUrl: '/thanks' }],
  ['customerUuid', { customerUuid: 'ada' }],
  ['reference', { reference: 'order 77' }],
  ['expiresInMinutes', { expiresInMinutes: 9 }],
])('a wrong %s is named', async (field, change) => {
  const { api } = await connect();
  const { status, body } = await api.createPayment({ ...teapot, ...change });
  expect([status, body['code']]).toEqual([400, 'validation_failed']);
  expect(body['details']).toMatchObject({ errors: [{ field }] });
});

test('nested fields are dotted', async () => {
  const { api } = await connect();
  const { body } = await api.createSubscription({
    ...teapot,
    frequency: { value: 1, unit: 'fortnights' },
  });
  expect(body['details']).toMatchObject({ errors: [{ field: 'frequency.unit' }] });
});

test('the cap of test mode says how much it is', async () => {
  const { api } = await connect();
  const { body } = await api.createPayment({ ...teapot, price: 5.01 });
  expect(body).toMatchObject({ code: 'validation_failed', details: { max: 5 } });
});

test('a reference is taken until its session expires', async () => {
  const { api } = await connect();
  const order = { ...teapot, reference: 'order-77' };
  const first = await api.createPayment(order);
  const taken = await api.createPayment(order);
  expect(taken.status).toBe(409);
  expect(taken.body).toMatchObject({ code: 'unique_violation', details: { field: 'reference' } });
  const uuid = String(first.body['uuid']);
  expect((await api.expire(uuid)).status).toBe(200);
  expect((await api.status(uuid)).body).toEqual({ uuid, status: 'expired' });
  expect((await api.createPayment(order)).status).toBe(201);
});

test('what is paid cannot be ended', async () => {
  const { api, sandbox } = await connect();
  const uuid = String((await api.createPayment(teapot)).body['uuid']);
  await sandbox.pay(uuid);
  const { status, body } = await api.expire(uuid);
  expect([status, body['code']]).toEqual([409, 'tx_already_sent']);
});

test('nothing is told without the key, nor of what is not there', async () => {
  const { sandbox, judge, api } = await connect();
  const stranger = clientV2({ url: sandbox.url, apiKey: 'sk_wrong' }, judge);
  expect(await stranger.events()).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  for (const answer of [
    await api.status('pay@none'),
    await api.payment('pay@none'),
    await api.subscription('sub@none'),
    await api.expire('pay@none'),
    await api.send('GET', '/v2/transaction/payouts'),
  ])
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a request keeps its id', async () => {
  const { api } = await connect();
  const { headers, body } = await api.send('GET', '/v2/transaction/payment/none', {
    headers: { 'X-Request-Id': 'req:77.a-b_c' },
  });
  expect([headers.get('x-request-id'), body['requestId']]).toEqual([
    'req:77.a-b_c',
    'req:77.a-b_c',
  ]);
});

test('the event log is read page by page, by type, and is what was delivered', async () => {
  const { api, sandbox, receiver } = await connect();
  await sandbox.pay(String((await api.createPayment(teapot)).body['uuid']));
  await sandbox.pay(String((await api.createSubscription(teapot)).body['uuid']));
  await sandbox.expire(String((await api.createPayment(teapot)).body['uuid']));
  await sandbox.idle();
  const read: unknown[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const { body } = await api.events({ limit: '3', ...(cursor === '' ? {} : { cursor }) });
    const { items, nextCursor }: { items?: unknown; nextCursor?: unknown } = body;
    read.push(...(Array.isArray(items) ? items : []));
    cursor = typeof nextCursor === 'string' ? nextCursor : undefined;
  }
  const sent = receiver.received.map(({ body }): unknown => JSON.parse(body));
  expect(read).toHaveLength(4);
  expect(read).toEqual(expect.arrayContaining(sent));
  const { body } = await api.events({ type: 'checkout.expired' });
  expect(body).toMatchObject({ items: [{ type: 'checkout.expired' }], nextCursor: null });
});

test('a delivery is verified by the API, whatever the receiver knows', async () => {
  const { api, sandbox, receiver } = await connect();
  await sandbox.pay(String((await api.createPayment(teapot)).body['uuid']));
  await sandbox.idle();
  const { body, headers } = firstOf(receiver);
  const signature = String(headers['qbitflow-signature']);
  const [, t = ''] = /^t=(\d+),/.exec(signature) ?? [];
  expect(signature).toBe(`t=${t},v1=${digestOf(sandbox.secret, Number(t), body)}`);
  const delivery = { endpointUuid: sandbox.endpointUuid, body, signature };
  expect((await api.verify(delivery)).status).toBe(200);
  for (const change of [
    { body: `${body} ` },
    { signature: signature.replace('t=', 't=1') },
    { signature: 'v1=00' },
  ])
    expect(await api.verify({ ...delivery, ...change })).toMatchObject({
      status: 400,
      body: { code: 'invalid_signature' },
    });
});

test('an event shows how it was delivered, attempt by attempt', async () => {
  const { api, sandbox } = await connect({}, (response, number) => {
    response.writeHead(number === 1 ? 500 : 204).end();
  });
  await sandbox.pay(String((await api.createPayment(teapot)).body['uuid']));
  await sandbox.idle();
  const id = sandbox.events[0]?.id ?? '';
  const attempt = { eventId: id, eventType: 'payment.completed' };
  expect((await api.event(id)).body).toMatchObject({
    id,
    type: 'payment.completed',
    deliveries: [
      {
        delivered: true,
        attempts: [
          { ...attempt, attempt: 1, delivered: false, statusCode: 500 },
          { ...attempt, attempt: 2, delivered: true, statusCode: 204 },
        ],
      },
    ],
  });
  expect((await api.event('evt_none')).status).toBe(404);
});

test.each(['0', '-3', '1000', 'many', ''])(
  'a limit of %j is clamped, never refused',
  async (limit) => {
    const { api, sandbox } = await connect();
    await sandbox.pay(String((await api.createPayment(teapot)).body['uuid']));
    const { status, body } = await api.events({ limit });
    expect([status, body['items']]).toEqual([200, [expect.objectContaining({ version: 'v2' })]]);
  },
);

test('the key says whose it is and that its space is for tests', async () => {
  const { api } = await connect();
  expect((await api.me()).body).toMatchObject({
    role: expect.any(String),
    space: { test: true },
  });
});

test("a stranger's space is not there", async () => {
  const { api } = await connect();
  const headers = { 'On-Behalf-Of': CUSTOMER };
  const answer = await api.send('GET', '/v2/webhooks/events', { headers });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a busy API says how long to wait, in the header and in the body', async () => {
  const { api, sandbox } = await connect();
  sandbox.setApiFault({ status: 429, retryAfterSeconds: 2 });
  const { status, headers, body } = await api.status('pay@any');
  expect([status, headers.get('retry-after')]).toEqual([429, '2']);
  expect(body).toMatchObject({
    code: 'rate_limit_exceeded',
    details: { retryAfterSeconds: 2, limit: expect.any(Number), periodSeconds: expect.any(Number) },
  });
});

test('a body beyond 1 MiB is too large', async () => {
  const { api } = await connect();
  const { status, body } = await api.createPayment({ ...teapot, note: 'x'.repeat(1_048_576) });
  expect([status, body['code']]).toEqual([413, 'request_too_large']);
});

test.each(['', 'a b', 'a'.repeat(129)])(
  'an id of a request like %j gets another one',
  async (id) => {
    const { api } = await connect();
    const { body } = await api.send('GET', '/v2/transaction/payment/none', {
      headers: { 'X-Request-Id': id },
    });
    expect(body['requestId']).not.toBe(id);
  },
);
