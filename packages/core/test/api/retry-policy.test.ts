import { expect, test } from 'vitest';
import type { ApiRequest } from '../../src/api/client.js';
import { type Answer, startApi } from './support/api-server.js';
import { NEVER_MS, client, eagerClock, rejectionOf } from './support/kit.js';

const read: ApiRequest = { method: 'GET', path: '/things' };
const create: ApiRequest = { method: 'POST', path: '/things', body: {}, idempotencyKey: 'k' };
const plainPost: ApiRequest = { method: 'POST', path: '/things', body: {} };
const ok: Answer = { status: 200, json: 'ok' };

async function setUp(...answers: Answer[]) {
  const api = await startApi();
  api.on('/v2/things', ...answers);
  const clock = eagerClock();
  return { api, clock, v2: client(`${api.origin}/v2`, { clock, timeoutMs: NEVER_MS }) };
}

test.each<[string, Answer]>([
  ['no answer', (response) => response.destroy()],
  ['500', { status: 500 }],
  ['503 with a page', { status: 503, text: '<html>' }],
  ['429', { status: 429 }],
  ['a key in use', { status: 409, json: { error: 'x', code: 'idempotency_key_in_use' } }],
])('after %s, reads and keyed creates are tried again', async (_what, failure) => {
  for (const request of [read, create]) {
    const { v2, clock } = await setUp(failure, failure, ok);
    expect(await v2.request(request)).toBe('ok');
    expect(clock.waits).toEqual([1000, 2000]);
  }
});

test('a keyed create repeats its key', async () => {
  const { v2, api } = await setUp({ status: 500 }, ok);
  await v2.request(create);
  expect(api.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
});

test('a POST without a key is never repeated', async () => {
  const { v2, api } = await setUp({ status: 500 }, ok);
  expect(await rejectionOf(v2.request(plainPost))).toMatchObject({ status: 500 });
  expect(api.requests).toHaveLength(1);
});

test.each([400, 401, 403, 404, 409, 410, 422])('%i is final', async (status) => {
  const { v2, api } = await setUp({ status, json: { code: 'unique_violation' } }, ok);
  expect(await rejectionOf(v2.request(read))).toMatchObject({ code: 'api_rejected', status });
  expect(api.requests).toHaveLength(1);
});

test('it gives up after the given number of retries', async () => {
  const { v2, api } = await setUp({ status: 500 });
  await rejectionOf(v2.request({ ...read, maxRetries: 3 }));
  expect(api.requests).toHaveLength(4);
});

test.each([
  ['seconds', { status: 429, headers: { 'retry-after': '7' } }, 7000],
  // 1 790 856 000 is 2026-10-01T12:00:00Z.
  ['a date', { status: 503, headers: { 'retry-after': 'Thu, 01 Oct 2026 12:00:30 GMT' } }, 30_000],
  ['details', { status: 429, json: { details: { retryAfterSeconds: 5 } } }, 5000],
  ['less than our own wait', { status: 429, headers: { 'retry-after': '0' } }, 1000],
  [
    'a date gone by',
    { status: 429, headers: { 'retry-after': 'Thu, 01 Oct 2020 12:00:30 GMT' } },
    1000,
  ],
  ['nonsense', { status: 429, headers: { 'retry-after': 'soon 1' } }, 1000],
  ['sixty seconds', { status: 429, headers: { 'retry-after': '60' } }, 60_000],
])('waits as long as the API asks: %s', async (_what, failure, waited) => {
  const { v2, clock } = await setUp(failure, ok);
  expect(await v2.request(read)).toBe('ok');
  expect(clock.waits).toEqual([waited]);
});

test('it gives up at once when asked to wait for more than 60 s, and says how long', async () => {
  const { v2, api } = await setUp({ status: 429, headers: { 'retry-after': '61' } }, ok);
  expect(await rejectionOf(v2.request(read))).toMatchObject({ status: 429, retryAfterMs: 61_000 });
  expect(api.requests).toHaveLength(1);
});
