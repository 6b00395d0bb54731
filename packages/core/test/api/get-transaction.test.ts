import { expect, test } from 'vitest';
import { getTransaction } from '../../src/api/transactions.js';
import { startApi } from './support/api-server.js';
import { client, rejectionOf } from './support/kit.js';

async function openApi(generation: 'v1' | 'v2' = 'v2') {
  const api = await startApi();
  return { server: api, api: client(`${api.origin}/${generation}`, { maxRetries: 0 }) };
}

test('a payment is asked for as a payment, with everything newer than this kit', async () => {
  const { server, api } = await openApi();
  server.on('/v2/transaction/payment/pay%401', {
    status: 200,
    json: { uuid: 'pay@1', amount: 4.5, mood: 'sunny' },
  });
  expect(await getTransaction(api, { uuid: 'pay@1' })).toEqual({
    kind: 'payment',
    data: { uuid: 'pay@1', amount: 4.5, mood: 'sunny' },
  });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['sub@1', undefined, ['/v2/transaction/subscription/sub%401']],
  ['sub@1', 'payment', ['/v2/transaction/subscription/sub%401']],
  ['pay@1', 'createSubscription', ['/v2/transaction/payment/pay%401']],
  ['1', undefined, ['/v2/transaction/payment/1', '/v2/transaction/subscription/1']],
  ['1', 'payAsYouGo', ['/v2/transaction/subscription/1', '/v2/transaction/payment/1']],
])('%s, said to be %s, is looked for where it can be', async (uuid, type, paths) => {
  const { server, api } = await openApi();
  expect(await getTransaction(api, { uuid, type })).toBeUndefined();
  expect(server.requests.map(({ url }) => url)).toEqual(paths);
});

test("v1's names become v2's", async () => {
  const { server, api } = await openApi('v1');
  server.on('/v1/transaction/payment/pay%401', {
    status: 200,
    json: { transactionHash: '0xabc', customerUUID: 'c-1', productId: 42 },
  });
  expect(await getTransaction(api, { uuid: 'pay@1' })).toEqual({
    kind: 'payment',
    data: { txHash: '0xabc', customerUuid: 'c-1', productId: 42 },
  });
});

test('where an answer has both names, what v2 says stands', async () => {
  const { server, api } = await openApi('v1');
  server.on('/v1/transaction/payment/pay%401', {
    status: 200,
    json: { txHash: '0xabc', transactionHash: '' },
  });
  const found = await getTransaction(api, { uuid: 'pay@1' });
  expect(found?.data).toEqual({ txHash: '0xabc' });
});

test('a field that is called like something every object has stays a field', async () => {
  const { server, api } = await openApi();
  const json = '{"constructor":1,"toString":2,"__proto__":{"paid":true}}';
  server.on('/v2/transaction/payment/pay%401', { status: 200, text: json });
  const found = await getTransaction(api, { uuid: 'pay@1' });
  expect(JSON.stringify(found?.data)).toBe(json);
  expect(Reflect.get({}, 'paid')).toBeUndefined();
});

test.each([[[]], ['text'], [null], [7]])('%j is no transaction', async (json) => {
  const { server, api } = await openApi();
  server.on('/v2/transaction/payment/pay%401', { status: 200, json });
  expect(await getTransaction(api, { uuid: 'pay@1' })).toBeUndefined();
});

test.each([401, 429, 500])('%s says nothing about the transaction and rejects', async (status) => {
  const { server, api } = await openApi();
  server.on('/v2/transaction/payment/1', { status });
  expect(await rejectionOf(getTransaction(api, { uuid: '1' }))).toMatchObject({
    code: 'api_rejected',
    status,
  });
  expect(server.requests).toHaveLength(1);
});

test.each(['', '.', '..'])('%j names no transaction and asks nothing', async (uuid) => {
  const { server, api } = await openApi();
  expect(await rejectionOf(getTransaction(api, { uuid }))).toMatchObject({
    code: 'invalid_reference',
  });
  expect(server.requests).toEqual([]);
});
