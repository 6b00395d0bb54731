import { expect, test } from 'vitest';
import { createDetails } from '../../src/return-page/details.js';
import type { Answer } from '../api/support/api-server.js';
import { STATUS_PATH, asksForJson, openShop, until } from './support/shop.js';

const PAYMENT_PATH = '/v2/transaction/payment/pay%401';

async function shopWithDetails(generation: 'v1' | 'v2' = 'v2') {
  const shop = await openShop(generation, {
    details: (runtime) => createDetails(runtime, runtime.api),
  });
  const open = async (accept = asksForJson.headers) =>
    shop.open('/r?uuid=pay@1', {}, { headers: accept ?? {} });
  return { ...shop, open };
}

const PAYMENT = {
  uuid: 'pay@1',
  name: 'Green tea',
  price: 4.5,
  amount: 4.6,
  explorerUrl: 'https://chain.test/tx/0xabc',
  from: '0xcustomer',
  customerUuid: 'customer-1',
  customerReference: 'jane@customer.test',
  note: 'leave it at the door',
};

test('a paid page names what was bought and links to the explorer, and nothing of the customer', async () => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, { status: 200, json: PAYMENT });

  const { body } = await shop.open({});

  expect(body).toContain('<p class="bought">Green tea · $4.50 USD</p>');
  expect(body).toContain(
    '<a href="https://chain.test/tx/0xabc" rel="noopener noreferrer" target="_blank">',
  );
  expect(JSON.parse((await shop.open()).body)).toMatchObject({
    details: { product: 'Green tea', price: '4.50', explorerUrl: 'https://chain.test/tx/0xabc' },
  });
  for (const text of [body, (await shop.open()).body]) {
    expect(text).not.toMatch(/customer|leave it at the door/);
  }
});

test('the API is asked for them once', async () => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, { status: 200, json: PAYMENT });
  for (let look = 0; look < 5; look += 1) {
    await shop.open();
    shop.clock.advance(2000);
  }
  expect(shop.api.requests.filter(({ url }) => url === PAYMENT_PATH)).toHaveLength(1);
});

test('on v1 an open session tells what is sold', async () => {
  const shop = await shopWithDetails('v1');
  shop.api.on('/v1/transaction/status', { status: 200, json: { status: 'pending' } });
  shop.api.on('/v1/transaction/session-checkout/pay%401', {
    status: 200,
    json: { productName: 'Black tea', price: 3, customerReference: 'jane@customer.test' },
  });
  const { body } = await shop.open({});
  expect(body).toContain('<p class="bought">Black tea · $3.00 USD</p>');
  expect(body).not.toContain('jane');
});

test('what a session opened here sells is remembered on v2, which does not tell', async () => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'created' } });
  shop.details?.rememberCheckout({ uuid: 'pay@1' }, { productName: 'Oolong', price: 7 });
  expect((await shop.open({})).body).toContain('<p class="bought">Oolong · $7.00 USD</p>');
  expect(shop.api.requests).toHaveLength(1);
});

test.each([
  ['is down', (response: { destroy: () => void }) => response.destroy()],
  ['answers 500', { status: 500 }],
  ['answers nonsense', { status: 200, json: [1] }],
  [
    'answers wrong types',
    { status: 200, json: { name: 7, price: {}, explorerUrl: 'javascript:alert(1)' } },
  ],
])('an API that %s costs the page its details only', async (_what, answer) => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, answer);
  const response = await shop.open({});
  expect(response.status).toBe(200);
  expect(response.body).toContain('Payment received');
  expect(response.body).not.toContain('class="bought"');
  expect(response.body).not.toContain('<a ');
});

test('an API that is slow about them costs a moment', async () => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, () => undefined);
  const opened = shop.open({});
  await until(() => shop.api.requests.length === 2);
  shop.clock.advance(1500);
  expect((await opened).body).toContain('Payment received');
});

test.each<[string, Answer]>([
  ['was down', { status: 503, json: { error: 'down' } }],
  ['did not have them yet', { status: 404, json: { error: 'no', code: 'not_found' } }],
  ['sent a maintenance page', { status: 200, text: '{}' }],
])('an API that %s is asked again, and then the page shows them', async (_what, answer) => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, answer, { status: 200, json: PAYMENT });
  expect((await shop.open({})).body).not.toContain('class="bought"');
  shop.clock.advance(10_000);
  expect((await shop.open({})).body).toContain('<p class="bought">Green tea · $4.50 USD</p>');
});

test('while the API is down it is asked every ten seconds, however many look', async () => {
  const shop = await shopWithDetails();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, { status: 503 });
  for (let look = 0; look < 20; look += 1) {
    await Promise.all([shop.open(), shop.open()]);
    shop.clock.advance(1_000);
  }
  expect(shop.api.requests.filter(({ url }) => url === PAYMENT_PATH)).toHaveLength(2);
});

test('on v1 an open session that could not be asked about is asked again', async () => {
  const shop = await shopWithDetails('v1');
  shop.api.on('/v1/transaction/status', { status: 200, json: { status: 'pending' } });
  const sold = { status: 200, json: { productName: 'Black tea', price: 3 } };
  shop.api.on('/v1/transaction/session-checkout/pay%401', { status: 502 }, sold);
  await shop.open();
  shop.clock.advance(10_000);
  expect((await shop.open({})).body).toContain('Black tea · $3.00 USD');
});
