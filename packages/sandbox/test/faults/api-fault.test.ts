import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, payment } from '../support/world.js';

const status = (uuid: string) => `GET /v2/transaction/session-checkout/${uuid}/status`;

test('429 says when to come back, in both generations, until it is over', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  sandbox.setApiFault({ status: 429, retryAfterSeconds: 7 });
  const v2 = await call(sandbox, status(uuid));
  expect(v2.status).toBe(429);
  expect(v2.headers.get('retry-after')).toBe('7');
  expect(v2.body).toEqual({
    error: expect.any(String),
    code: 'rate_limit_exceeded',
    details: { retryAfterSeconds: 7, limit: expect.any(Number), periodSeconds: expect.any(Number) },
    requestId: expect.any(String),
  });
  const v1 = await call(sandbox, `GET /v1/transaction/status?txUUID=${uuid}&txType=payment`);
  expect(v1.headers.get('retry-after')).toBe('7');
  expect(v1.body).toEqual({ error: expect.stringContaining('setApiFault'), status: 429 });
  sandbox.setApiFault(undefined);
  expect((await call(sandbox, status(uuid))).status).toBe(200);
});

test.each([
  [400, 'bad_request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [410, 'merchant_closed'],
  [418, 'bad_request'],
  [429, 'rate_limit_exceeded'],
  [500, 'internal'],
  [502, 'internal'],
  [503, 'network_unavailable'],
  [504, 'timeout'],
])('%i is a fault with the code %s', async (code, name) => {
  const sandbox = await openSandbox({ apiFault: { status: code } });
  const { body, headers } = await call(sandbox, status('pay@1'));
  expect(body['code']).toBe(name);
  expect(headers.get('retry-after')).toBe(code === 429 ? '1' : null);
});

test.each([
  [{ status: 409, code: 'merchant_not_ready' }, { reason: 'noWallet' }],
  [{ status: 403, code: 'policy_disabled' }, { policy: 'checkout' }],
  [{ status: 402, code: 'plan_required' }, undefined],
  [{ status: 409, code: 'of_the_future' }, undefined],
])('%j is answered with the details of its code', async (apiFault, details) => {
  const sandbox = await openSandbox();
  await call(sandbox, 'POST /sandbox/settings', { apiFault });
  const answer = await call(sandbox, status('pay@1'));
  expect([answer.status, answer.body['code']]).toEqual([apiFault.status, apiFault.code]);
  expect(answer.body['details']).toEqual(details);
});

test.each([500, 503])(
  '%i, even without the right key, and without a line in the log',
  async (code) => {
    const errors: unknown[] = [];
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error: (...line: unknown[]) => errors.push(line),
    };
    const sandbox = await openSandbox({ apiFault: { status: code }, logger });
    expect((await call(sandbox, status('pay@1'), undefined, { 'x-api-key': '' })).status).toBe(
      code,
    );
    expect(errors).toEqual([]);
  },
);

test('drop: the connection is cut and nothing was done', async () => {
  const sandbox = await openSandbox({ apiFault: { drop: true } });
  await expect(openPayment(sandbox)).rejects.toThrow('fetch failed');
  expect(sandbox.sessions).toEqual([]);
});

test("drop: 'answer' does what was asked and cuts the answer: the same key finds it again", async () => {
  const sandbox = await openSandbox({ apiFault: { drop: 'answer' } });
  const create = 'POST /v2/transaction/session-checkout/new/payment';
  const key = { 'idempotency-key': 'order-1' };
  await expect(call(sandbox, create, payment, key)).rejects.toThrow('fetch failed');
  sandbox.setApiFault(undefined);
  const again = await call(sandbox, create, payment, key);
  expect(sandbox.sessions.map(({ uuid }) => uuid)).toEqual([again.body['uuid']]);
});

test('only the paths that are meant, and neither pages nor controls', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  // With the flag that gives an expression a memory.
  sandbox.setApiFault({ status: 503, paths: /\/status$/g });
  for (const expected of [503, 503])
    expect((await call(sandbox, status(uuid))).status).toBe(expected);
  expect((await call(sandbox, 'GET /v2/webhooks/events')).status).toBe(200);
  sandbox.setApiFault({ status: 503 });
  expect((await fetch(sandbox.url)).status).toBe(200);
  expect((await call(sandbox, `POST /sandbox/sessions/${uuid}/pay`)).status).toBe(200);
});

test('a delay alone is only slow', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const uuid = await openPayment(sandbox);
  sandbox.setApiFault({ delayMs: 5_000 });
  const waiting = clock.waiting;
  const answer = call(sandbox, status(uuid));
  await expect.poll(() => clock.waiting).toBe(waiting + 1);
  await clock.advance(5_000);
  expect((await answer).body['status']).toBe('created');
});

test('closing the sandbox does not wait for those held back', async () => {
  const sandbox = await openSandbox({ apiFault: { delayMs: 600_000 } });
  const answer = call(sandbox, status('pay@1')).catch((error: Error) => error.message);
  await expect.poll(() => sandbox.requests).toHaveLength(1);
  await sandbox.close();
  expect(await answer).toBe('fetch failed');
});

test.each([
  [{ status: 200 }, 'status must be a whole number from 400 to 599, not 200'],
  [{ status: 409, code: 'Not ready' }, 'code must be lower-case words'],
  [{ delayMs: -1 }, 'delayMs must be'],
  [{ status: 429, retryAfterSeconds: 0.5 }, 'retryAfterSeconds must be'],
])('%j is refused', async (fault, message) => {
  const sandbox = await openSandbox();
  expect(() => sandbox.setApiFault(fault)).toThrow(message);
});

test('its old names go on working', async () => {
  const sandbox = await openSandbox({ trouble: { status: 503 } });
  expect((await call(sandbox, 'GET /v2/me')).status).toBe(503);
  sandbox.setTrouble({ status: 504 });
  expect((await call(sandbox, 'GET /v2/me')).status).toBe(504);
  await call(sandbox, 'POST /sandbox/settings', { trouble: null });
  expect((await call(sandbox, 'GET /v2/me')).status).toBe(200);
});
