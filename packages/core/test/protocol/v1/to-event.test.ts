import { describe, expect, it } from 'vitest';
import { FIXTURE_IDS, fixtures } from '../../../src/testing/index.js';
import { v1ToEvent } from '../../../src/protocol/v1/to-event.js';

const { v1 } = fixtures;
const TX_HASH = '0x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

function eventOf(value: unknown) {
  const result = v1ToEvent(value);
  if (!result.ok) throw new Error(result.problem);
  return result.event;
}

describe('a v1 transaction webhook', () => {
  it('completed, of a payment, is payment.completed under v2 names', () => {
    const body = v1.paymentCompleted({ session: { test: true } });
    const event = eventOf(body);
    expect(event).toMatchObject({ type: 'payment.completed', version: 'v1', test: true });
    expect(event.raw).toBe(body);
    expect(event.id).toBe(event.key);
    expect(event.data).toStrictEqual({
      uuid: FIXTURE_IDS.payment,
      reference: 'order-1042',
      name: 'Blue T-shirt',
      description: 'Size M, with a <logo> & more',
      price: 4.99,
      txHash: TX_HASH,
      test: true,
      customerUuid: FIXTURE_IDS.customer,
      customerReference: 'customer-7',
      managementPageLink: 'https://qbitflow.app/manage?id=1042&token=a1b2',
    });
  });

  it('of SDK 1.x finds its type in the status', () => {
    expect(eventOf(v1.paymentCompletedSdk1())).toMatchObject({ type: 'payment.completed' });
    expect(eventOf(v1.paymentCompletedSdk1({ txType: '' }))).toMatchObject({
      type: 'payment.completed',
    });
  });

  it('completed, of createSubscription, is subscription.created', () => {
    expect(eventOf(v1.subscriptionCreated())).toMatchObject({
      type: 'subscription.created',
      data: {
        uuid: FIXTURE_IDS.subscription,
        reference: 'order-1042',
        priceUsd: '4.99',
        frequency: { value: 2_592_000, unit: 'seconds' },
        customerUuid: FIXTURE_IDS.customer,
      },
    });
  });

  it('expired is checkout.expired', () => {
    const data = {
      uuid: FIXTURE_IDS.payment,
      txType: 'payment',
      price: 4.99,
      availableCurrencyIds: [1, 3],
    };
    expect(eventOf(v1.paymentExpired())).toMatchObject({ type: 'checkout.expired', data });
    const onOldServers = v1.paymentExpired({
      session: { availableCurrencies: [{ id: 1, name: 'Ether' }, { id: 3 }] },
    });
    expect(eventOf(onOldServers)).toMatchObject({ data });
  });

  it.each(['created', 'waitingConfirmation', 'pending', 'failed', 'cancelled', 'someday'])(
    '%s is transaction.updated',
    (status) => {
      expect(eventOf(v1.paymentPending({ status: { status } }))).toMatchObject({
        type: 'transaction.updated',
        data: {
          uuid: FIXTURE_IDS.payment,
          status,
          txType: 'payment',
          txHash: TX_HASH,
          message: 'Waiting for the chain',
        },
      });
    },
  );

  it.each(['cancelSubscription', 'executeSubscription', 'refund', 'transfer', 'someday'])(
    'completed, of %s, is transaction.updated',
    (txType) => {
      expect(eventOf(v1.paymentCompleted({ txType }))).toMatchObject({
        type: 'transaction.updated',
        data: { txType },
      });
    },
  );

  it.each([
    { uuid: 'pay@1' },
    { uuid: 'pay@1', status: null, session: null, txType: null, managementPageLink: null },
  ])('without a status is transaction.updated: %j', (body) => {
    expect(eventOf(body)).toMatchObject({ type: 'transaction.updated', data: { uuid: 'pay@1' } });
  });

  it.each([
    [{ uuid: 7 }, 'uuid: expected string, got number'],
    [{ txType: {} }, 'txType: expected string, got object'],
    [{ status: 'completed' }, 'status: expected object, got string'],
    [{ status: { status: 1 } }, 'status.status: expected string, got number'],
    [{ status: { txHash: [] } }, 'status.txHash: expected string, got array'],
    [{ session: { reference: 7 } }, 'session.reference: expected string, got number'],
    [{ session: { price: true } }, 'session.price: expected number or string, got boolean'],
    [{ session: { test: 'yes' } }, 'session.test: expected boolean, got string'],
    [{ managementPageLink: 1 }, 'managementPageLink: expected string, got number'],
  ])('with a wrong JSON type is unreadable: %j', (change, problem) => {
    const sent: object = { ...v1.paymentCompleted(), ...change };
    expect(v1ToEvent(sent)).toEqual({ ok: false, problem });
  });
});

describe('a v1 subscription webhook', () => {
  it('billing is subscription.billed, unknown fields kept', () => {
    expect(eventOf(v1.subscriptionBilled({ data: { newer: [1], test: true } }))).toMatchObject({
      type: 'subscription.billed',
      test: true,
      data: expect.toSatisfy(
        (data: object) => !('transactionHash' in data) && !('customerUUID' in data),
      ),
    });
    const sent: object = { ...Object(v1.subscriptionBilled().data), newer: [1], test: true };
    const {
      transactionHash,
      customerUUID,
      subscriptionUUID,
      metadata,
      ...kept
    }: Record<string, unknown> = { ...sent };
    const { feeBps: _feeBps, txMetadata, ...split }: Record<string, unknown> = Object(metadata);
    const { mainCurrencyPriceUSD, ...chain }: Record<string, unknown> = Object(txMetadata);
    expect(eventOf(v1.subscriptionBilled({ data: { newer: [1], test: true } })).data).toStrictEqual(
      {
        ...kept,
        txHash: transactionHash,
        customerUuid: customerUUID,
        subscriptionUuid: subscriptionUUID,
        subscriptionReference: 'order-1042',
        metadata: {
          ...split,
          feePercent: 1.5,
          txMetadata: { ...chain, mainCurrencyPriceUsd: mainCurrencyPriceUSD },
        },
      },
    );
  });

  it('status_transition is subscription.statusChanged in v2 spelling', () => {
    expect(eventOf(v1.subscriptionStatusChanged()).data).toStrictEqual({
      uuid: FIXTURE_IDS.subscription,
      reference: 'order-1042',
      previousStatus: 'active',
      status: 'pastDue',
      updatedAt: '2026-11-01T12:00:05.5Z',
    });
  });

  it.each([
    ['trial_expired', 'trialExpired'],
    ['past_due', 'pastDue'],
    ['stopped', 'stopped'],
    ['someday', 'someday'],
  ])('%s is told as %s', (sent, status) => {
    const body = v1.subscriptionStatusChanged({
      data: { currentStatus: sent, previousStatus: sent },
    });
    expect(eventOf(body).data).toMatchObject({ status, previousStatus: status });
  });

  it.each([
    ['low_on_funds', 'topUpAllowance'],
    ['pending', 'raiseMaximum'],
  ])('%s, no status of v2, is told as active with %s required', (sent, action) => {
    const began = v1.subscriptionStatusChanged({ data: { currentStatus: sent } });
    expect(eventOf(began).data).toStrictEqual({
      uuid: FIXTURE_IDS.subscription,
      reference: 'order-1042',
      previousStatus: 'active',
      status: 'active',
      actionRequired: action,
      updatedAt: '2026-11-01T12:00:05.5Z',
    });
    const ended = v1.subscriptionStatusChanged({
      data: { previousStatus: sent, currentStatus: 'past_due' },
    });
    expect(eventOf(ended).data).toStrictEqual({
      uuid: FIXTURE_IDS.subscription,
      reference: 'order-1042',
      previousStatus: 'active',
      previousActionRequired: action,
      status: 'pastDue',
      updatedAt: '2026-11-01T12:00:05.5Z',
    });
    // Another change, though both are told as active: the keys keep v1's own words.
    expect(eventOf(began).key).toContain(`:active:${sent}:`);
  });

  it('of a future type is an unknown event', () => {
    expect(eventOf(v1.subscriptionBilled({ type: 'paused' }))).toMatchObject({
      type: 'unknown',
      sentType: 'paused',
      version: 'v1',
      key: expect.stringMatching(/^paused:[0-9a-f]{32}$/),
    });
  });

  it.each(['billing', 'status_transition'])('%s may leave out everything', (type) => {
    expect(
      eventOf({ subscriptionUUID: null, subscriptionReference: null, type, data: null }),
    ).toMatchObject({
      data: { uuid: '' },
    });
  });

  it.each([
    [{ type: 7 }, 'type: expected string, got number'],
    [{ subscriptionUUID: 7 }, 'subscriptionUUID: expected string, got number'],
    [{ data: { amount: '1' } }, 'data.amount: expected number, got string'],
    [{ data: { transactionHash: 1 } }, 'data.txHash: expected string, got number'],
    [{ data: [] }, 'data: expected object, got array'],
  ])('with a wrong JSON type is unreadable: %j', (change, problem) => {
    const sent: object = { ...v1.subscriptionBilled(), ...change };
    expect(v1ToEvent(sent)).toEqual({ ok: false, problem });
  });
});

it.each([
  [null, 'body: expected object, got null'],
  [[], 'body: expected object, got array'],
  ['x', 'body: expected object, got string'],
  [{}, 'body: neither a transaction webhook nor a subscription webhook'],
  [{ hello: 'world' }, 'body: neither a transaction webhook nor a subscription webhook'],
])('%j is unreadable', (value, problem) => {
  expect(v1ToEvent(value)).toEqual({ ok: false, problem });
});
