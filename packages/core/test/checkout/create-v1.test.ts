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

const PATH = `/v1${PAYMENT_PATH}`;

test('a payment is posted with v1 names, without an idempotency key', async () => {
  const { kit, api, bodies } = await openMerchant('v1');
  const session = await kit.checkout.createPayment({
    productId: 7,
    reference: 'order 1/ü',
    customerUuid: 'customer-1',
  });
  expect(session).toEqual({
    uuid: UUID,
    link: LINK,
    expiresAt: new Date('2026-10-02T12:00:00Z'),
    reference: 'order 1/ü',
  });
  expect(api.requests).toMatchObject([{ method: 'POST', url: PATH }]);
  expect(api.requests[0]?.headers['idempotency-key']).toBeUndefined();
  expect(bodies()).toEqual([{ productId: 7, reference: 'order 1/ü', customerUUID: 'customer-1' }]);
});

test('a subscription has its terms', async () => {
  const { kit, api, bodies } = await openMerchant('v1');
  const frequency = { value: 1, unit: 'months' } as const;
  await kit.checkout.createSubscription({ ...TEA, frequency, minPeriods: 2000 });
  expect(api.requests).toMatchObject([{ url: `/v1${SUBSCRIPTION_PATH}` }]);
  expect(bodies()).toEqual([{ ...TEA, frequency, minPeriods: 2000 }]);
});

test('a create that failed is not tried again: nothing tells whether it opened a session', async () => {
  const { kit, api } = await openMerchant('v1');
  api.on(PATH, { status: 500 });
  const error = await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-1' }));
  expect(error).toMatchObject({ code: 'api_rejected', status: 500 });
  expect(api.requests).toHaveLength(1);
  await rejectionOf(kit.checkout.createPayment({ ...TEA, reference: 'order-1' }));
  expect(api.requests).toHaveLength(2);
});

test('two calls for one order at once are one request; later ones and other terms are not', async () => {
  const { kit, posts } = await openMerchant('v1');
  const order = { ...TEA, reference: 'order-1' };
  const [one, two] = await Promise.all([
    kit.checkout.createPayment(order),
    kit.checkout.createPayment(order),
  ]);
  expect(one).toEqual(two);
  expect(posts()).toHaveLength(1);
  await Promise.all([
    kit.checkout.createPayment(order),
    kit.checkout.createPayment({ ...order, price: 5 }),
  ]);
  expect(posts()).toHaveLength(3);
});

test('a trial of 0 is none, periods may be 0, and a year is a unit', async () => {
  const { kit, bodies } = await openMerchant('v1');
  const frequency = { value: 1, unit: 'years' } as const;
  await kit.checkout.createSubscription({
    ...TEA,
    frequency,
    trialPeriod: { value: 0 },
    minPeriods: 0,
  });
  expect(bodies()).toEqual([{ ...TEA, frequency, minPeriods: 0 }]);
});

test('what v1 finds wrong with the parameters is told like our own findings', async () => {
  const { kit, api } = await openMerchant('v1');
  api.on(PATH, { status: 400, json: { error: 'productName is taken' } });
  expect(await rejectionOf(kit.checkout.createPayment(TEA))).toMatchObject({
    code: 'invalid_checkout',
    facts: {
      fieldErrors: [{ field: '', message: expect.stringContaining('productName is taken') }],
    },
    cause: { code: 'api_rejected', status: 400 },
  });
});

test('two calls without a reference are two customers', async () => {
  const { kit, api } = await openMerchant('v1');
  await Promise.all([kit.checkout.createPayment(TEA), kit.checkout.createPayment(TEA)]);
  expect(api.requests).toHaveLength(2);
});
