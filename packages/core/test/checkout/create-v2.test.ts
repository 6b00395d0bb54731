import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import {
  LINK,
  openMerchant,
  PAYMENT_PATH,
  SUBSCRIPTION_PATH,
  TEA,
  UUID,
} from './support/merchant.js';

const PATH = `/v2${PAYMENT_PATH}`;

test('a payment is posted with v2 names and comes back as a session', async () => {
  const { kit, api, bodies } = await openMerchant('v2');
  const session = await kit.checkout.createPayment({
    ...TEA,
    reference: 'order-1',
    successUrl: 'https://shop.test/ok',
    cancelUrl: 'https://shop.test/no?s=%7B%7BUUID%7D%7D&t={{TRANSACTION_TYPE}}',
    customerUuid: 'customer-1',
    expiresInMinutes: 10,
  });
  expect(session).toEqual({
    uuid: UUID,
    link: LINK,
    expiresAt: new Date('2026-10-02T12:00:00Z'),
    reference: 'order-1',
  });
  expect(api.requests).toMatchObject([{ method: 'POST', url: PATH }]);
  expect(bodies()).toEqual([
    {
      productName: 'Tea',
      description: 'One packet',
      price: 4.5,
      reference: 'order-1',
      successUrl: 'https://shop.test/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
      cancelUrl: 'https://shop.test/no?s={{UUID}}&t={{TRANSACTION_TYPE}}',
      customerUuid: 'customer-1',
      expiresInMinutes: 10,
    },
  ]);
});

test('a subscription has its terms', async () => {
  const { kit, api, bodies } = await openMerchant('v2');
  await kit.checkout.createSubscription({
    productUuid: 'product-1',
    frequency: { value: 1, unit: 'years' },
    trialPeriod: { value: 14, unit: 'days' },
    minPeriods: 1000,
    customerReference: 'buyer 1',
  });
  expect(api.requests).toMatchObject([{ url: `/v2${SUBSCRIPTION_PATH}` }]);
  expect(bodies()).toEqual([
    {
      productUuid: 'product-1',
      frequency: { value: 1, unit: 'years' },
      trialPeriod: { value: 14, unit: 'days' },
      minPeriods: 1000,
      customerReference: 'buyer 1',
    },
  ]);
});

const keysOf = (requests: readonly { readonly headers: NodeJS.Dict<string | string[]> }[]) =>
  requests.map(({ headers }) => headers['idempotency-key']);

test('the idempotency key comes from the kind and the reference, in every process alike', async () => {
  const [one, other] = [await openMerchant('v2'), await openMerchant('v2')];
  await one.kit.checkout.createPayment({ ...TEA, reference: 'a:b@1' });
  await one.kit.checkout.createSubscription({ ...TEA, reference: 'a:b@1' });
  await other.kit.checkout.createPayment({ ...TEA, reference: 'a:b@1' });
  expect(keysOf(one.api.requests)).toEqual([
    'qbitflow-kit:payment:a:b@1',
    'qbitflow-kit:subscription:a:b@1',
  ]);
  expect(keysOf(other.api.requests)).toEqual(['qbitflow-kit:payment:a:b@1']);
});

test('the longest reference still makes a key', async () => {
  const { kit, api } = await openMerchant('v2');
  await kit.checkout.createSubscription({ ...TEA, reference: 'x'.repeat(100) });
  expect(keysOf(api.requests)).toEqual([`qbitflow-kit:subscription:${'x'.repeat(100)}`]);
});

test('without a reference each call has a key of its own, shared by its retries', async () => {
  const { kit, api } = await openMerchant('v2');
  const opened = { status: 201, json: { uuid: UUID, link: LINK } };
  api.on(PATH, { status: 503 }, { status: 409, json: { code: 'idempotency_key_in_use' } }, opened);
  expect(await kit.checkout.createPayment(TEA)).toEqual({ uuid: UUID, link: LINK });
  await kit.checkout.createPayment(TEA);
  const keys = keysOf(api.requests);
  expect(keys).toHaveLength(4);
  expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[3]).not.toBe(keys[0]);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test.each([
  [422, 'idempotency_key_reused', 'opened a checkout with other terms before'],
  [409, 'unique_violation', 'is taken by an earlier checkout'],
])('%i %s is told as a fault of the reference', async (status, code, words) => {
  const { kit, api } = await openMerchant('v2');
  api.on(PATH, { status, json: { error: 'no', code, requestId: 'req_1' } });
  const error = await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-1' }));
  expect(error).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'reference', message: expect.stringContaining(words) }] },
    cause: { code: 'api_rejected', requestId: 'req_1' },
  });
  expect(api.requests).toHaveLength(1);
});

test("the API's own field errors are told like ours", async () => {
  const { kit, api } = await openMerchant('v2');
  const errors = [{ field: 'price', message: 'at most 5 in test mode' }];
  api.on(PATH, {
    status: 400,
    json: { error: 'no', code: 'validation_failed', details: { errors } },
  });
  expect(await rejectionOf(kit.checkout.createPayment(TEA))).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: errors },
  });
});

test('what the API refuses otherwise is an ApiError', async () => {
  const { kit, api } = await openMerchant('v2');
  api.on(PATH, { status: 409, json: { error: 'no wallet', code: 'merchant_not_ready' } });
  expect(await rejectionOf(kit.checkout.createPayment(TEA))).toMatchObject({
    code: 'api_rejected',
    apiCode: 'merchant_not_ready',
  });
});
