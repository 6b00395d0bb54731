import { expect, test } from 'vitest';
import { STATUS_PATH, asksForJson, openShop } from '../support/shop.js';

test('no query, header or body makes an unpaid session paid', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { uuid: 'pay@1', status: 'created' } });

  const response = await shop.open(
    '/r?uuid=pay@1&status=completed&state=paid&paid=true&txHash=0xabc&type=payment',
    {},
    { ...asksForJson, body: { status: 'completed' } },
  );

  expect(JSON.parse(response.body)).toMatchObject({ state: 'waiting', status: 'created' });
});

test('on v1 another type in the query does not ask about another transaction', async () => {
  const shop = await openShop('v1');
  shop.api.on('/v1/transaction/status', { status: 200, json: { status: 'created' } });

  await shop.open('/r?uuid=sub@1&type=cancelSubscription');

  expect(shop.api.requests.map(({ url }) => url)).toEqual([
    '/v1/transaction/status?txUUID=sub%401&txType=createSubscription',
  ]);
});
