import { expect, test } from 'vitest';
import { getStatus } from '../../src/api/transactions.js';
import { startApi } from './support/api-server.js';
import { client, rejectionOf } from './support/kit.js';

const V2_PATH = '/v2/transaction/session-checkout/pay%401/status';

test('v2: a report with its last attempt', async () => {
  const api = await startApi();
  const lastAttempt = { status: 'failed', code: 'reverted', at: '2026-10-01T12:00:00Z' };
  api.on(V2_PATH, { status: 200, json: { uuid: 'pay@1', status: 'created', lastAttempt } });

  expect(await getStatus(client(`${api.origin}/v2`), { uuid: 'pay@1' })).toMatchObject({
    uuid: 'pay@1',
    status: 'created',
    lastAttempt,
    generation: 'v2',
  });
});

test('v2: 404 is an unknown transaction', async () => {
  const api = await startApi();
  expect(await getStatus(client(`${api.origin}/v2`), { uuid: 'pay@1' })).toBe(undefined);
});

test('v2: left out and null fields are tolerated, a status nobody knows is kept', async () => {
  const api = await startApi();
  api.on(V2_PATH, {
    status: 200,
    json: { status: 'frozen', txHash: null, lastAttempt: null, new: 1 },
  });

  expect(await getStatus(client(`${api.origin}/v2`), { uuid: 'pay@1' })).toEqual({
    uuid: 'pay@1',
    status: 'frozen',
    txHash: undefined,
    message: undefined,
    lastAttempt: undefined,
    generation: 'v2',
  });
});

test.each([
  ['a number as status', { status: 1 }],
  ['no status', {}],
  ['an object as txHash', { status: 'completed', txHash: {} }],
  ['a text as lastAttempt', { status: 'created', lastAttempt: 'failed' }],
  ['an array', []],
  ['null', null],
])('%s is unreadable', async (_what, json) => {
  const api = await startApi();
  api.on(V2_PATH, { status: 200, json });

  const error = await rejectionOf(getStatus(client(`${api.origin}/v2`), { uuid: 'pay@1' }));
  expect(error).toMatchObject({ code: 'api_unreadable' });
});

test.each([
  [{ uuid: 'pay@1' }, 'payment'],
  [{ uuid: 'sub@1' }, 'createSubscription'],
  [{ uuid: '1' }, 'payment'],
  [{ uuid: '1', type: 'subscription' }, 'createSubscription'],
  [{ uuid: '1', type: 'payAsYouGo' }, 'createPAYGSubscription'],
  [{ uuid: '1', type: 'refund' }, 'refund'],
])('v1: %j is asked for as %s', async (reference, txType) => {
  const api = await startApi();
  api.on('/v1/transaction/status', { status: 200, json: { status: 'completed', txHash: '0xabc' } });

  const report = await getStatus(client(`${api.origin}/v1`), reference);

  expect(report).toEqual({
    uuid: reference.uuid,
    status: 'completed',
    txHash: '0xabc',
    message: undefined,
    generation: 'v1',
  });
  const query = new URLSearchParams({ txUUID: reference.uuid, txType });
  expect(api.requests[0]?.url).toBe(`/v1/transaction/status?${query.toString()}`);
});

test('v1: 404 of a session that exists means nothing has happened yet', async () => {
  const api = await startApi();
  api.on('/v1/transaction/session-checkout/pay%401', { status: 200, json: { uuid: 'pay@1' } });

  expect(await getStatus(client(`${api.origin}/v1`), { uuid: 'pay@1' })).toEqual({
    uuid: 'pay@1',
    status: 'created',
    generation: 'v1',
  });
  expect(api.requests[1]?.url).toBe(
    '/v1/transaction/session-checkout/pay%401?closeToExpireError=false',
  );
});

test('v1: 404 twice is an unknown transaction', async () => {
  const api = await startApi();
  expect(await getStatus(client(`${api.origin}/v1`), { uuid: 'pay@1' })).toBe(undefined);
});

test('v1: an outage of the session is an error, not an unknown transaction', async () => {
  const api = await startApi();
  api.on('/v1/transaction/session-checkout/pay%401', { status: 500 });

  const asked = getStatus(client(`${api.origin}/v1`), { uuid: 'pay@1' }, { maxRetries: 0 });
  expect(await rejectionOf(asked)).toMatchObject({ code: 'api_rejected', status: 500 });
});
