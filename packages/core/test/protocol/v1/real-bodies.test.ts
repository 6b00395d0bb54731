import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openRecoveryShop } from '../../recovery/support/recovery-shop.js';
import {
  BEFORE_MS,
  BILL,
  billing,
  metadata,
  PAYMENT,
  paymentRead,
  sdk1Transaction,
  SUBSCRIPTION,
  subscriptionRead,
  transaction,
} from './real-bodies.js';

type Fields = Readonly<Record<string, unknown>>;

/** A shop on v1 that has been open since before the payment. */
async function openShopOnV1() {
  const clock = fakeClock(BEFORE_MS);
  const shop = await openRecoveryShop({ generation: 'v1', clock });
  await shop.kit.start();
  await clock.advance(3_600_000);
  return shop;
}

/** What reaches the handlers of a shop that looks at v1's API, which answers `read`. */
async function lookedAt(kind: 'payment' | 'subscription', read: Fields) {
  const shop = await openShopOnV1();
  const uuid = kind === 'payment' ? PAYMENT : SUBSCRIPTION;
  shop.api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  const path = `/v1/transaction/${kind}/${uuid.replace('@', '%40')}`;
  shop.api.on(path, { status: 200, json: read });
  expect(await shop.kit.recheck({ uuid })).toEqual({ status: 'recorded' });
  await settle();
  expect(await shop.store.stats()).toMatchObject({ dead: 0, done: 1 });
  return shop.handled[0];
}

/** What reaches the handlers of a shop that v1 delivers `body` to. */
async function delivered(body: Fields) {
  const shop = await openRecoveryShop();
  expect((await shop.deliver(body, { version: 'v1' })).status).toBe(200);
  await settle();
  expect(await shop.store.stats()).toMatchObject({ dead: 0, done: 1 });
  return shop.handled[0];
}

const metadataInV2 = {
  feePercent: 1.5,
  organizationFee: { organizationId: 9, organization: 'Example Shop', feePercent: 0.29 },
  referralFee: { referralId: 31, feePercent: 10 },
  txMetadata: {
    networkFees: { amount: '1200000000000', unitsConsumed: 65_000, l1Fee: '3100000' },
    blockData: { number: '38125001', timestamp: 1_794_000_000 },
    mainCurrencyPriceUsd: 3120.55,
  },
  txAmounts: metadata.txAmounts,
};

test('a payment that a look found has v2 names and types', async () => {
  const event = await lookedAt('payment', paymentRead);
  expect(event).toMatchObject({ type: 'payment.completed', test: false });
  const { transactionHash: _hash, customerUUID: _customer, ...asSent } = paymentRead;
  expect(event?.data).toEqual({
    ...asSent,
    txHash: '0x1d6f',
    customerUuid: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
    metadata: metadataInV2,
  });
});

test('a subscription that a look found is handled, under v2 names and types', async () => {
  const event = await lookedAt('subscription', subscriptionRead);
  expect(event).toMatchObject({
    type: 'subscription.created',
    key: `subscription.created:${SUBSCRIPTION}`,
  });
  const { subscriptionStatus: _status, customerUUID: _customer, ...asSent } = subscriptionRead;
  expect(event?.data).toEqual({
    ...asSent,
    status: 'active',
    frequency: { value: 2_592_000, unit: 'seconds' },
    customerUuid: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
  });
});

test.each<[Fields, Fields]>([
  [{ subscriptionStatus: 'active' }, { status: 'active' }],
  [{ subscriptionStatus: 'trial' }, { status: 'trial' }],
  [{ subscriptionStatus: 'past_due' }, { status: 'pastDue' }],
  [{ subscriptionStatus: 'trial_expired' }, { status: 'trialExpired' }],
  [{ subscriptionStatus: 'low_on_funds' }, { status: 'active', actionRequired: 'topUpAllowance' }],
  [{ subscriptionStatus: 'pending' }, { status: 'active', actionRequired: 'raiseMaximum' }],
  [
    { subscriptionStatus: 'active', stopped: true },
    { status: 'stopped', stopped: true },
  ],
  [{ subscriptionStatus: 'past_due', stopped: true }, { status: 'stopped' }],
  [{ subscriptionStatus: 'cancelled', stopped: true }, { status: 'cancelled' }],
  [{ subscriptionStatus: 'someday' }, { status: 'someday' }],
  [{ subscriptionStatus: '' }, { status: '' }],
  [{ subscriptionStatus: null }, { status: null }],
  [{ frequency: 1 }, { frequency: { value: 1, unit: 'seconds' } }],
  [{ frequency: { value: 1, unit: 'months' } }, { frequency: { value: 1, unit: 'months' } }],
  [{ frequency: null }, { frequency: null }],
  [{ status: 'paused' }, { status: 'paused' }],
  [{ status: 'past_due' }, { status: 'pastDue' }],
  [
    { currency: null, productId: 0, customerUUID: '' },
    { currency: null, customerUuid: '' },
  ],
  [JSON.parse('{"__proto__":{"status":"paid"}}'), { status: 'active' }],
])('of a subscription, %j is told as %j', async (sent, told) => {
  const event = await lookedAt('subscription', { ...subscriptionRead, ...sent });
  expect(event?.data).toMatchObject(told);
});

test.each<[Fields]>([
  [{}],
  [
    Object.fromEntries(
      Object.keys({ ...subscriptionRead, ...paymentRead }).map((name) => [name, null]),
    ),
  ],
])('a server that leaves out what is zero makes no dead letter: %j', async (nothing) => {
  const { createdAt } = paymentRead;
  const subscription = await lookedAt('subscription', {
    ...nothing,
    createdAt,
    uuid: SUBSCRIPTION,
  });
  expect(subscription).toMatchObject({ type: 'subscription.created' });
  const payment = await lookedAt('payment', { ...nothing, createdAt, uuid: PAYMENT });
  expect(payment).toMatchObject({ type: 'payment.completed' });
});

test.each<[unknown, unknown]>([
  [null, null],
  [{}, {}],
  [{ feeBps: 0 }, { feePercent: 0 }],
  [{ feeBps: 1 }, { feePercent: 0.01 }],
  [{ feeBps: 150, feePercent: 2 }, { feePercent: 2 }],
  [{ feeBps: null }, { feeBps: null }],
  [
    { organizationFee: null, referralFee: null },
    { organizationFee: null, referralFee: null },
  ],
  [
    { txMetadata: null, txAmounts: null },
    { txMetadata: null, txAmounts: null },
  ],
  [
    { txMetadata: { mainCurrencyPriceUSD: 1, mainCurrencyPriceUsd: 2 } },
    { txMetadata: { mainCurrencyPriceUsd: 2 } },
  ],
])('metadata %j is told as %j', async (sent, told) => {
  const event = await lookedAt('payment', { ...paymentRead, metadata: sent });
  expect(event?.data).toMatchObject({ metadata: told });
  const { data } = billing;
  const billed = await delivered({ ...billing, data: { ...data, metadata: sent } });
  expect(billed?.data).toMatchObject({ metadata: told });
});

test('a bill is handled, under v2 names and types', async () => {
  const event = await delivered(billing);
  expect(event).toMatchObject({
    type: 'subscription.billed',
    key: `subscription.billed:${BILL}`,
    test: false,
  });
  const { transactionHash: _hash, customerUUID: _customer, ...asSent } = billing.data;
  expect(event?.data).toEqual({
    ...asSent,
    txHash: '0x88bb',
    customerUuid: 'c5e7a1aa-58bd-4c8f-9c55-0d0f9a3be001',
    subscriptionUuid: SUBSCRIPTION,
    subscriptionReference: 'club-5',
    metadata: metadataInV2,
  });
});

test('a bill that says how its subscription stands says it in v2 words', async () => {
  const { data } = billing;
  const event = await delivered({ ...billing, data: { ...data, subscriptionStatus: 'past_due' } });
  expect(event?.data).toMatchObject({ subscriptionStatus: 'pastDue' });
});

test('a transaction webhook is handled, and is the payment that a look finds', async () => {
  const event = await delivered(transaction);
  expect(event).toMatchObject({
    type: 'payment.completed',
    key: `payment.completed:${PAYMENT}`,
    data: { reference: 'order-77', name: 'Teapot', txHash: '0x1d6f', price: 12.49 },
  });
  expect((await lookedAt('payment', paymentRead))?.key).toBe(event?.key);
});

test("SDK 1.x's terms are found under options", async () => {
  expect(await delivered(sdk1Transaction)).toMatchObject({
    type: 'subscription.created',
    data: { frequency: { value: 2_592_000, unit: 'seconds' }, priceUsd: '12.49' },
  });
  const expired = { ...sdk1Transaction, status: { type: 'createSubscription', status: 'expired' } };
  expect(await delivered(expired)).toMatchObject({
    type: 'checkout.expired',
    key: `checkout.expired:${SUBSCRIPTION}`,
    data: {
      frequency: { value: 2_592_000, unit: 'seconds' },
      trialPeriod: { value: 604_800, unit: 'seconds' },
      minPeriods: 3,
      availableCurrencyIds: [5],
    },
  });
});

test.each<[Fields]>([
  [{ uuid: PAYMENT, txType: 'payment', status: { status: 'completed' } }],
  [{ uuid: PAYMENT, txType: 'payment', status: null, session: transaction.session }],
  [{ ...transaction, status: { status: 'pending', settlementDetails: null } }],
  [{ ...transaction, txType: 'executeSubscription' }],
  [{ ...transaction, txType: 'forceCancelSubscription' }],
  [{ subscriptionUUID: SUBSCRIPTION, type: 'billing', data: { uuid: BILL, amount: 12.49 } }],
  [
    {
      subscriptionUUID: SUBSCRIPTION,
      subscriptionReference: '',
      type: 'status_transition',
      data: { previousStatus: 'trial', currentStatus: 'trial_expired', updatedAt: '' },
    },
  ],
])('is handled, whatever it leaves out: %j', async (body) => {
  expect(await delivered(body)).toMatchObject({ version: 'v1' });
});

test.each<[Fields, string]>([
  [{ subscriptionStatus: 7 }, 'data.status: expected string, got number'],
  [{ frequency: 'monthly' }, 'data.frequency: expected object, got string'],
  [{ reference: 7 }, 'data.reference: expected string, got number'],
])('a wrong JSON type where it matters is a dead letter: %j', async (change, problem) => {
  const shop = await openShopOnV1();
  shop.api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  const path = `/v1/transaction/subscription/${SUBSCRIPTION.replace('@', '%40')}`;
  shop.api.on(path, { status: 200, json: { ...subscriptionRead, ...change } });
  await shop.kit.recheck({ uuid: SUBSCRIPTION });
  const { items } = await shop.store.list({ state: 'dead' });
  expect(items).toMatchObject([{ lastError: problem }]);
});
