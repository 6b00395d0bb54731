import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import {
  ID,
  LINK,
  openMerchant,
  PAYMENT_PATH,
  SUBSCRIPTION_PATH,
  TEA,
  UUID,
} from './support/merchant.js';

const PATH = `/v2${PAYMENT_PATH}`;

test('a payment is posted with v2 names and comes back as a session', async () => {
  const { kit, posts, bodies } = await openMerchant('v2');
  const session = await kit.checkout.createPayment({
    ...TEA,
    reference: 'order-1',
    successUrl: 'https://shop.test/ok',
    cancelUrl: 'https://shop.test/no?s=%7B%7BUUID%7D%7D&t={{TRANSACTION_TYPE}}',
    customerUuid: ID,
    expiresInMinutes: 10,
  });
  expect(session).toEqual({
    uuid: UUID,
    link: LINK,
    expiresAt: new Date('2026-10-02T12:00:00Z'),
    reference: 'order-1',
  });
  expect(posts()).toMatchObject([{ url: PATH }]);
  expect(bodies()).toEqual([
    {
      productName: 'Tea',
      description: 'One packet',
      price: 4.5,
      reference: 'order-1',
      successUrl: 'https://shop.test/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
      cancelUrl: 'https://shop.test/no?s={{UUID}}&t={{TRANSACTION_TYPE}}',
      customerUuid: ID,
      expiresInMinutes: 10,
    },
  ]);
});

test('a subscription has its terms', async () => {
  const { kit, api, bodies } = await openMerchant('v2');
  await kit.checkout.createSubscription({
    productUuid: ID,
    frequency: { value: 1, unit: 'years' },
    trialPeriod: { value: 14, unit: 'days' },
    minPeriods: 1000,
    customerReference: 'buyer-1',
  });
  expect(api.requests).toMatchObject([{ url: `/v2${SUBSCRIPTION_PATH}` }]);
  expect(bodies()).toEqual([
    {
      productUuid: ID,
      frequency: { value: 1, unit: 'years' },
      trialPeriod: { value: 14, unit: 'days' },
      minPeriods: 1000,
      customerReference: 'buyer-1',
    },
  ]);
});

const keysOf = (requests: readonly { readonly headers: NodeJS.Dict<string | string[]> }[]) =>
  requests.map(({ headers }) => headers['idempotency-key']);

test('the idempotency key comes from the kind, the reference and the terms, in every process alike', async () => {
  const [one, other] = [await openMerchant('v2'), await openMerchant('v2')];
  await one.kit.checkout.createPayment({ ...TEA, reference: 'a:b@1' });
  await one.kit.checkout.createPayment({ ...TEA, reference: 'a:b@2' });
  await one.kit.checkout.createSubscription({ ...TEA, reference: 'a:b@3' });
  await other.kit.checkout.createPayment({ ...TEA, price: 4.500_000_04, reference: 'a:b@1' });
  const digest = '[A-Za-z0-9_-]{22}';
  const keys = keysOf(one.posts());
  expect(keys).toEqual([
    expect.stringMatching(new RegExp(`^qbitflow-kit:payment:a:b@1:${digest}:0$`)),
    expect.stringMatching(new RegExp(`^qbitflow-kit:payment:a:b@2:${digest}:0$`)),
    expect.stringMatching(new RegExp(`^qbitflow-kit:subscription:a:b@3:${digest}:0$`)),
  ]);
  expect(keysOf(other.posts())).toEqual([keys[0]]);
});

test.each<[string, object]>([
  ['the price', { price: 4.51 }],
  ['the name', { productName: 'Green tea' }],
  ['the fees', { fees: { items: [{ label: 'Shipping', amountUsd: 1 }] } }],
  ['who pays the fee', { fees: { processingFee: false } }],
  ['the return URL', { successUrl: 'https://shop.test/ok' }],
  ['the customer', { customerReference: 'b-1' }],
])('other terms have another key: %s', async (_name, change) => {
  const [one, other] = [await openMerchant('v2'), await openMerchant('v2')];
  await one.kit.checkout.createPayment({ ...TEA, reference: 'order-1' });
  await other.kit.checkout.createPayment({ ...TEA, ...change, reference: 'order-1' });
  expect(keysOf(other.posts())).not.toEqual(keysOf(one.posts()));
});

test('the same terms in another order, or said in another way, have the same key', async () => {
  const [one, other] = [await openMerchant('v2'), await openMerchant('v2')];
  await one.kit.checkout.createSubscription({
    ...TEA,
    reference: 'order-1',
    frequency: { value: 1, unit: 'months' },
    trialPeriod: { value: 0 },
  });
  await other.kit.checkout.createSubscription({
    trialPeriod: { unit: 'days', value: 0 },
    frequency: { unit: 'months', value: 1 },
    price: 4.5,
    reference: 'order-1',
    productName: 'Tea',
    description: 'One packet',
    minPeriods: undefined,
  });
  await one.kit.checkout.createPayment({ ...TEA, reference: 'order-2' });
  await other.kit.checkout.createPayment({ ...TEA, reference: 'order-2', fees: { items: [] } });
  expect(keysOf(other.posts())).toEqual(keysOf(one.posts()));
  expect(other.bodies()).toEqual(one.bodies());
});

test('the longest reference still makes a key', async () => {
  const { kit, posts } = await openMerchant('v2');
  await kit.checkout.createSubscription({ ...TEA, reference: 'x'.repeat(100) });
  expect(keysOf(posts())).toEqual([expect.stringContaining(`subscription:${'x'.repeat(100)}:`)]);
});

test('fees, a trial of 0 and 0 periods are sent', async () => {
  const { kit, bodies } = await openMerchant('v2');
  await kit.checkout.createPayment({
    ...TEA,
    fees: { processingFee: true, items: [{ label: 'Shipping', amountUsd: '0.50' }] },
  });
  const terms = { trialPeriod: { value: 0 }, minPeriods: 0 } as const;
  await kit.checkout.createSubscription({ ...TEA, ...terms });
  expect(bodies()).toEqual([
    { ...TEA, fees: { processingFee: true, items: [{ label: 'Shipping', amountUsd: 0.5 }] } },
    { ...TEA, ...terms },
  ]);
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
  [422, 'idempotency_key_reused', undefined, 'opened a checkout with other terms before'],
  [409, 'unique_violation', { field: 'reference' }, 'is taken by an earlier checkout'],
  [409, 'unique_violation', undefined, 'give it as replaces'],
])('%i %s for good is told as a fault of the reference', async (status, code, details, words) => {
  const { kit, api, posts } = await openMerchant('v2');
  api.on(PATH, { status, json: { error: 'no', code, details, requestId: 'req_1' } });
  const error = await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-1' }));
  expect(error).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'reference', message: expect.stringContaining(words) }] },
    cause: { code: 'api_rejected', requestId: 'req_1' },
  });
  // Under every key it was another order that held it.
  expect(new Set(keysOf(posts())).size).toBe(posts().length);
  expect(posts().length).toBeLessThan(8);
});

test('another value that is taken is told as a fault of its field, at once', async () => {
  const { kit, api } = await openMerchant('v2');
  const details = { field: 'customerReference' };
  api.on(PATH, { status: 409, json: { error: 'no', code: 'unique_violation', details } });
  const error = await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-1' }));
  expect(error).toMatchObject({ facts: { fieldErrors: [{ field: 'customerReference' }] } });
  expect(api.requests).toHaveLength(1);
});

test('a key in use is tried again, and told as an API that is busy when it stays so', async () => {
  const { kit, api, posts } = await openMerchant('v2');
  const busy = { status: 409, json: { code: 'idempotency_key_in_use' } };
  api.on(PATH, busy, { status: 201, json: { uuid: UUID, link: LINK } });
  expect(await kit.checkout.createPayment({ ...TEA, reference: 'order-1' })).toMatchObject({
    uuid: UUID,
  });
  expect(new Set(keysOf(posts())).size).toBe(1);
  api.on(PATH, busy);
  const error = await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-2' }));
  expect(error).toMatchObject({ code: 'api_rejected', apiCode: 'idempotency_key_in_use' });
});

test.each<[string, object, object[]]>([
  [
    'nothing else',
    { max: 5 },
    [{ field: 'price', message: expect.stringContaining('at most 5 USD') }],
  ],
  [
    'its own words without the number',
    { max: 5, errors: [{ field: 'price', message: 'is too much' }] },
    [{ field: 'price', message: expect.stringContaining('at most 5 USD') }],
  ],
  [
    'its own words with it',
    { max: 5, errors: [{ field: 'price', message: 'at most 5 USD' }] },
    [{ field: 'price', message: 'at most 5 USD' }],
  ],
  [
    'an error of a shape nobody knows beside others',
    { errors: [{ path: ['a'] }, { field: 'fees.items.0.label', message: 'is odd' }, 7, null] },
    [{ field: 'fees.items.0.label', message: 'is odd' }],
  ],
])('what the API refuses is told by its fields: %s', async (_name, details, fieldErrors) => {
  const { kit, api } = await openMerchant('v2');
  api.on(PATH, { status: 400, json: { error: 'no', code: 'validation_failed', details } });
  expect(await rejectionOf(kit.checkout.createPayment(TEA))).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors },
    cause: { code: 'api_rejected', details: {} },
  });
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
