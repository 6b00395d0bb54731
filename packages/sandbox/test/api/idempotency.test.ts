import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openSandbox, payment, subscription } from '../support/world.js';

const create = 'POST /v2/transaction/session-checkout/new/payment';
const key = { 'idempotency-key': 'a-key' };
const HOUR = 3_600_000;

test('the same key and body are given the same answer, whatever the order of the fields', async () => {
  const sandbox = await openSandbox();
  const first = await call(sandbox, create, payment, key);
  const turned = Object.fromEntries(Object.entries(payment).toReversed());
  for (const body of [payment, turned])
    expect(await call(sandbox, create, body, key)).toMatchObject({ status: 201, body: first.body });
  expect(sandbox.sessions).toHaveLength(1);
});

test.each([
  ['another body', create, { ...payment, price: 3 }],
  ['an invalid body', create, { price: 0 }],
  ['another route', create.replace('payment', 'subscription'), payment],
])('the same key with %s is refused', async (_name, request, body) => {
  const sandbox = await openSandbox();
  await call(sandbox, create, payment, key);
  const other = await call(sandbox, request, body, key);
  expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  expect(sandbox.sessions).toHaveLength(1);
});

test('without a key, and with another one, the same body opens another session', async () => {
  const sandbox = await openSandbox();
  for (const headers of [key, {}, {}, { 'idempotency-key': 'b-key' }])
    expect((await call(sandbox, create, payment, headers)).status).toBe(201);
  expect(sandbox.sessions).toHaveLength(4);
});

test('a key is remembered for 24 hours, with the answer of then', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const first = await call(sandbox, create, payment, key);
  await sandbox.expire(String(first.body['uuid']));
  await clock.advance(24 * HOUR - 1);
  expect((await call(sandbox, create, payment, key)).body).toEqual(first.body);
  await clock.advance(1);
  const later = await call(sandbox, create, { ...payment, price: 3 }, key);
  expect([later.status, sandbox.sessions.length]).toEqual([201, 2]);
});

test('a create that failed is not remembered by its key', async () => {
  const sandbox = await openSandbox();
  expect((await call(sandbox, create, { ...payment, price: 0 }, key)).status).toBe(400);
  await call(sandbox, create, { ...payment, reference: 'order-1' });
  const taken = await call(sandbox, create, { ...payment, reference: 'order-1' }, key);
  expect(taken.status).toBe(409);
  expect((await call(sandbox, create, '{', key)).status).toBe(400);
  expect((await call(sandbox, create, payment, key)).status).toBe(201);
});

test('while the first is being worked on, another with its key has to wait', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const waiting = clock.waiting;
  sandbox.setApiFault({ delayMs: 5_000 });
  const first = call(sandbox, create, payment, key);
  await expect.poll(() => clock.waiting).toBe(waiting + 1);
  for (const body of [payment, { ...payment, price: 3 }]) {
    const second = await call(sandbox, create, body, key);
    expect([second.status, second.body['code']]).toEqual([409, 'idempotency_key_in_use']);
  }
  // Whoever has no key to the API is not told.
  const stranger = call(sandbox, create, payment, { ...key, 'x-api-key': 'no' });
  await expect.poll(() => clock.waiting).toBe(waiting + 2);
  await clock.advance(5_000);
  expect((await stranger).status).toBe(401);
  const { body } = await first;
  sandbox.setApiFault(undefined);
  expect((await call(sandbox, create, payment, key)).body).toEqual(body);
});

test('a key is free again after an answer that never came', async () => {
  const sandbox = await openSandbox({ apiFault: { drop: true } });
  await expect(call(sandbox, create, payment, key)).rejects.toThrow('fetch failed');
  sandbox.setApiFault({ status: 503 });
  expect((await call(sandbox, create, payment, key)).status).toBe(503);
  sandbox.setApiFault(undefined);
  expect((await call(sandbox, create, payment, key)).status).toBe(201);
});

test.each(['!', '~', 'x'.repeat(255), '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f'])(
  '%j is a key',
  async (text) => {
    const sandbox = await openSandbox();
    const answer = await call(sandbox, create, payment, { 'idempotency-key': text });
    expect(answer.status).toBe(201);
  },
);

test.each(['', 'with space', 'a\tb', 'ä', 'x'.repeat(256)])('%j is no key', async (text) => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, create, payment, { 'idempotency-key': text });
  expect(status).toBe(400);
  expect(body).toMatchObject({ details: { errors: [{ field: 'Idempotency-Key' }] } });
  expect(sandbox.sessions).toEqual([]);
});

test('v1 knows no keys: the same body opens another session', async () => {
  const sandbox = await openSandbox();
  const v1 = 'POST /v1/transaction/session-checkout/new/subscription';
  for (const body of [subscription, subscription]) await call(sandbox, v1, body, key);
  expect(sandbox.sessions).toHaveLength(2);
});

test('only the newest keys are kept', async () => {
  const sandbox = await openSandbox({ keep: 2 });
  for (const text of ['1', '2', '3'])
    await call(sandbox, create, payment, { 'idempotency-key': text });
  const [second, third] = sandbox.sessions.map(({ uuid }) => uuid);
  const again = async (text: string) =>
    (await call(sandbox, create, payment, { 'idempotency-key': text })).body['uuid'];
  expect([await again('2'), await again('3')]).toEqual([second, third]);
  expect([second, third]).not.toContain(await again('1'));
});
