import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop, post, SECRET, type Shop } from '../../support/shop.js';

const body = fixtures.v2['payment.completed']();
const sign = (shop: Shop, changes: object = {}) =>
  signDelivery({ version: 'v2', body, secret: SECRET, clock: shop.clock, ...changes });

const forgeries: [string, string, (shop: Shop) => ReturnType<typeof signDelivery>][] = [
  ['without a signature', 'missing_header', (shop) => ({ ...sign(shop), headers: {} })],
  [
    'with a malformed signature',
    'malformed_header',
    (shop) => ({ ...sign(shop), headers: { 'qbitflow-signature': 'v1=00' } }),
  ],
  [
    'that is 301 s old',
    'timestamp_outside_tolerance',
    (shop) => sign(shop, { timestamp: 1_790_856_000 - 301 }),
  ],
  [
    'signed with another secret',
    'no_matching_signature',
    (shop) => sign(shop, { secret: 'whsec_other' }),
  ],
  [
    'changed after signing',
    'no_matching_signature',
    (shop) => ({ ...sign(shop), body: Buffer.from(`${JSON.stringify(body)} `) }),
  ],
];

test.each(forgeries)('a delivery %s is answered 401 and dropped', async (_name, reason, make) => {
  const shop = openShop();
  const answer = await shop.kit.handleWebhook(post(make(shop)));
  expect([answer.status, answer.body]).toEqual([401, '{"error":"invalid signature"}']);
  expect(await shop.store.stats()).toMatchObject({ due: 0, dead: 0 });
  await expect
    .poll(() => shop.errors)
    .toMatchObject([
      { error: { code: 'invalid_signature', facts: { reason } }, facts: { stage: 'receive' } },
    ]);
  expect(shop.logger.withCode('invalid_signature')).toMatchObject([{ level: 'warn' }]);
});

test.each(forgeries)(
  "acknowledge: 'everything' answers 200 to a delivery %s, drops and reports it",
  async (_name, reason, make) => {
    const shop = openShop({ acknowledge: 'everything' });
    const answer = await shop.kit.handleWebhook(post(make(shop)));
    expect([answer.status, answer.body]).toEqual([200, '{"received":true}']);
    expect(await shop.store.stats()).toMatchObject({ due: 0, dead: 0 });
    await expect.poll(() => shop.errors).toMatchObject([{ error: { facts: { reason } } }]);
  },
);

test('several secrets are accepted, in any order', async () => {
  const shop = openShop({ webhookSecret: ['whsec_new', 'whsec_old'] });
  const old = await shop.deliver(body, { secret: 'whsec_old' });
  const fresh = await shop.deliver(fixtures.v2['webhook.test'](), { secret: 'whsec_new' });
  const v1 = await shop.deliver(fixtures.v1.paymentExpired(), {
    version: 'v1',
    secret: 'whsec_old',
  });
  expect([old.status, fresh.status, v1.status]).toEqual([200, 200, 200]);
});

test('toleranceSeconds widens the window, boundary included', async () => {
  const shop = openShop({ toleranceSeconds: 600 });
  const at = async (age: number) =>
    (await shop.kit.handleWebhook(post(sign(shop, { timestamp: 1_790_856_000 - age })))).status;
  expect([await at(600), await at(601), await at(-600), await at(-601)]).toEqual([
    200, 401, 200, 401,
  ]);
});
