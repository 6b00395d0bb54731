import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { openRecoveryShop, PAYMENT, SUBSCRIPTION } from './support/recovery-shop.js';

const path = (rest: string): string => rest.replace('@', '%40');
const v2Status = (uuid: string): string => path(`/v2/transaction/session-checkout/${uuid}/status`);

test('v2: a completed payment is handled under the key its webhook would have', async () => {
  const { api, kit, deliver, handled } = await openRecoveryShop();
  const { data } = fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } });
  api.on(v2Status(PAYMENT), { status: 200, json: { status: 'completed' } });
  api.on(path(`/v2/transaction/payment/${PAYMENT}`), { status: 200, json: data });

  expect(await kit.recheck({ uuid: PAYMENT })).toEqual({ status: 'recorded' });
  await settle();
  expect(await kit.recheck({ uuid: PAYMENT })).toMatchObject({ status: 'duplicate' });
  await deliver(fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } }));
  await deliver(fixtures.v1.paymentCompleted({ uuid: PAYMENT }), { version: 'v1' });
  await settle();
  expect(handled).toMatchObject([
    { type: 'payment.completed', key: `payment.completed:${PAYMENT}`, data: { uuid: PAYMENT } },
  ]);
});

test("v1: its payment's names become the ones handlers know", async () => {
  const { api, kit, handled, paths } = await openRecoveryShop({ generation: 'v1' });
  api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  api.on(path(`/v1/transaction/payment/${PAYMENT}`), {
    status: 200,
    json: {
      uuid: PAYMENT,
      transactionHash: '0xabc',
      customerUUID: 'customer-1',
      productId: 42,
      amount: 4.99,
      reference: 'order-1042',
      createdAt: '2026-10-01T11:59:50.123456Z',
    },
  });

  expect(await kit.recheck({ uuid: PAYMENT })).toEqual({ status: 'recorded' });
  await settle();
  expect(handled).toMatchObject([
    {
      key: `payment.completed:${PAYMENT}`,
      data: {
        uuid: PAYMENT,
        txHash: '0xabc',
        customerUuid: 'customer-1',
        amount: 4.99,
        reference: 'order-1042',
      },
    },
  ]);
  expect(paths()).toEqual(['/v1/transaction/status', `/v1/transaction/payment/${PAYMENT}`]);
});

test.each(['v1', 'v2'] as const)('%s: a subscription that has begun', async (generation) => {
  const { api, kit, deliver, keys } = await openRecoveryShop({ generation });
  const envelope = fixtures.v2['subscription.created']({ data: { uuid: SUBSCRIPTION } });
  api.on(v2Status(SUBSCRIPTION), { status: 200, json: { status: 'completed' } });
  api.on('/v1/transaction/status', { status: 200, json: { status: 'completed' } });
  api.on(path(`/${generation}/transaction/subscription/${SUBSCRIPTION}`), {
    status: 200,
    json: envelope.data,
  });
  expect(await kit.recheck({ uuid: SUBSCRIPTION })).toEqual({ status: 'recorded' });
  await deliver(envelope);
  await settle();
  expect(keys()).toEqual([`subscription.created:${SUBSCRIPTION}`]);
});

test('a bare id is looked for as a payment, then as a subscription', async () => {
  const bare = SUBSCRIPTION.slice(4);
  const { api, kit, keys, paths } = await openRecoveryShop();
  const { data } = fixtures.v2['subscription.created']({ data: { uuid: SUBSCRIPTION } });
  api.on(v2Status(bare), { status: 200, json: { status: 'completed' } });
  api.on(`/v2/transaction/subscription/${bare}`, { status: 200, json: data });
  await kit.recheck({ uuid: bare });
  await settle();
  expect(keys()).toEqual([`subscription.created:${SUBSCRIPTION}`]);
  expect(paths().slice(1)).toEqual([
    `/v2/transaction/payment/${bare}`,
    `/v2/transaction/subscription/${bare}`,
  ]);
});

/** The shop's clock stands at 1,790,856,000 s. */
const JUST_NOW_S = 1_790_855_990;

test.each([
  ['payment', PAYMENT],
  ['createSubscription', SUBSCRIPTION],
] as const)('v1: a %s whose checkout expired is dated by its session', async (txType, uuid) => {
  const { api, kit, deliver, handled } = await openRecoveryShop({ generation: 'v1' });
  api.on('/v1/transaction/status', { status: 200, json: { status: 'expired' } });
  api.on(path(`/v1/transaction/session-checkout/${uuid}`), {
    status: 200,
    json: { uuid, txType, reference: 'order-1042', expiresAt: JUST_NOW_S },
  });
  expect(await kit.recheck({ uuid })).toEqual({ status: 'recorded' });
  await settle();
  await deliver(fixtures.v2['checkout.expired']({ data: { uuid } }));
  await settle();
  expect(handled).toMatchObject([
    { key: `checkout.expired:${uuid}`, data: { uuid, txType, reference: 'order-1042' } },
  ]);
});

test.each([
  ['v1', PAYMENT],
  ['v2', PAYMENT],
  ['v2', SUBSCRIPTION],
] as const)(
  '%s: a checkout that was open before, and has expired since, %s',
  async (generation, uuid) => {
    const { api, kit, clock, deliver, keys } = await openRecoveryShop({ generation });
    const say = (status: string): void => {
      api.on(v2Status(uuid), { status: 200, json: { uuid, status } });
      api.on('/v1/transaction/status', { status: 200, json: { status } });
    };
    api.on(path(`/v1/transaction/session-checkout/${uuid}`), { status: 200, json: { uuid } });
    say('created');
    expect(await kit.recheck({ uuid })).toBeUndefined();
    await clock.advance(3_600_000);
    say('expired');
    expect(await kit.recheck({ uuid })).toEqual({ status: 'recorded' });
    await deliver(fixtures.v2['checkout.expired']({ data: { uuid } }));
    await settle();
    expect(keys()).toEqual([`checkout.expired:${uuid}`]);
  },
);

test.each([
  ['says no time', {}],
  ['says a time to come: it was ended early', { expiresAt: JUST_NOW_S + 3_600 }],
  ['says a text', { expiresAt: 'soon' }],
])('an expired checkout that %s is left to its webhook', async (_what, more) => {
  const { api, kit, store, logger } = await openRecoveryShop({ generation: 'v1' });
  api.on('/v1/transaction/status', { status: 200, json: { status: 'expired' } });
  api.on(path(`/v1/transaction/session-checkout/${PAYMENT}`), {
    status: 200,
    json: { uuid: PAYMENT, ...more },
  });
  expect(await kit.recheck({ uuid: PAYMENT })).toEqual({ status: 'undated' });
  expect(await store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
  expect(logger.withCode('look_left')).toMatchObject([
    { level: 'info', facts: { id: PAYMENT, reason: 'undated' } },
  ]);
});

test.each(['created', 'waitingConfirmation', 'failed', 'frozen'])(
  'there is nothing to record of one that is %s',
  async (status) => {
    const { api, kit, store } = await openRecoveryShop();
    api.on(v2Status(PAYMENT), { status: 200, json: { status } });
    expect(await kit.recheck({ uuid: PAYMENT })).toBeUndefined();
    expect(await store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
  },
);

test('nor of one nobody knows', async () => {
  const { kit } = await openRecoveryShop();
  expect(await kit.recheck({ uuid: PAYMENT })).toBeUndefined();
});

test('nor of one whose payment is not there yet', async () => {
  const { api, kit } = await openRecoveryShop();
  api.on(v2Status(PAYMENT), { status: 200, json: { status: 'completed' } });
  expect(await kit.recheck({ uuid: PAYMENT })).toBeUndefined();
});

test('an API that refuses rejects, and records nothing', async () => {
  const { api, kit, store } = await openRecoveryShop();
  api.on(v2Status(PAYMENT), { status: 200, json: { status: 'completed' } });
  api.on(path(`/v2/transaction/payment/${PAYMENT}`), { status: 403 });
  expect(await rejectionOf(kit.recheck({ uuid: PAYMENT }))).toMatchObject({
    code: 'api_rejected',
    status: 403,
  });
  expect(await store.stats()).toMatchObject({ due: 0 });
});

test.each([
  ['about something else', { uuid: 'pay@another' }],
  ['without an id', { uuid: undefined }],
  ['about a subscription of the same id', { uuid: PAYMENT.replace('pay@', 'sub@') }],
])('an answer %s is not recorded, and said so', async (_what, data) => {
  const { api, kit, store, logger } = await openRecoveryShop();
  api.on(v2Status(PAYMENT), { status: 200, json: { status: 'completed' } });
  api.on(path(`/v2/transaction/payment/${PAYMENT}`), {
    status: 200,
    json: fixtures.v2['payment.completed']({ data }).data,
  });
  expect(await kit.recheck({ uuid: PAYMENT })).toEqual({ status: 'unidentified' });
  expect(await store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
  expect(logger.withCode('look_unidentified')).toMatchObject([
    { level: 'warn', facts: { uuid: PAYMENT } },
  ]);
});

test('an answer that cannot be read does not stand in the way of the webhook', async () => {
  const { api, kit, store, deliver, keys } = await openRecoveryShop();
  api.on(v2Status(PAYMENT), { status: 200, json: { status: 'completed' } });
  api.on(path(`/v2/transaction/payment/${PAYMENT}`), {
    status: 200,
    json: { uuid: PAYMENT, amount: 'a lot', confirmedAt: '2026-10-01T11:59:58Z' },
  });
  await kit.recheck({ uuid: PAYMENT });
  await settle();
  expect(await store.stats()).toMatchObject({ dead: 1 });
  await deliver(fixtures.v2['payment.completed']({ data: { uuid: PAYMENT } }));
  await settle();
  expect(keys()).toEqual([`payment.completed:${PAYMENT}`]);
});
