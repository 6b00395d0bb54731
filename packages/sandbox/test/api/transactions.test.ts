import { expect, test } from 'vitest';
import { BILL_V2, inV1, PAYMENT_V2, SUBSCRIPTION_V2 } from '../support/fields.js';
import { call, openPayment, openSandbox, openSubscription } from '../support/world.js';

const hash = expect.stringMatching(/^0x[0-9a-f]{64}$/);

function fieldsOf(body: unknown): string[] {
  return Object.keys(Object(body)).toSorted();
}

test('a payment has every field of the protocol, in the names of each generation', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const v2 = (await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).body;
  const v1 = (await call(sandbox, `GET /v1/transaction/payment/${uuid}`)).body;
  expect(fieldsOf(v2)).toEqual([...PAYMENT_V2, 'refundable'].toSorted());
  expect(fieldsOf(v1)).toEqual(inV1(PAYMENT_V2).toSorted());
  expect(v2).toMatchObject({
    txHash: hash,
    explorerUrl: `https://explorer.invalid/tx/${String(v2['txHash'])}`,
    name: 'Blue T-shirt',
    description: 'Size M',
    amount: 4.99,
    amountMinUnits: '4990000',
    price: 4.99,
  });
  expect(v1).toMatchObject({
    transactionHash: v2['txHash'],
    amount: 4.99,
    metadata: {
      feeBps: 150,
      txMetadata: {
        networkFees: { amount: expect.any(String), unitsConsumed: expect.any(Number), l1Fee: '0' },
        blockData: { number: expect.any(String), timestamp: expect.any(Number) },
        mainCurrencyPriceUSD: expect.any(Number),
      },
    },
  });
  expect(v1['metadata']).not.toHaveProperty('feePercent');
  expect(v2['metadata']).toMatchObject({
    feePercent: 1.5,
    txMetadata: { mainCurrencyPriceUsd: expect.any(Number) },
    txAmounts: { minUnits: { organization: '0', referral: '0' } },
  });
});

test("a payment carries the merchant's references", async () => {
  const sandbox = await openSandbox();
  const customerUuid = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
  const references = { reference: 'order-1', customerReference: 'customer-7' };
  const uuid = await openPayment(sandbox, { ...references, customerUuid });
  await sandbox.pay(uuid);
  const { body } = await call(sandbox, `GET /v2/transaction/payment/${uuid}`);
  expect(body).toMatchObject({ ...references, customerUuid });
});

test('so have a subscription and its bill', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const v2 = (await call(sandbox, `GET /v2/transaction/subscription/${uuid}`)).body;
  const v1 = (await call(sandbox, `GET /v1/transaction/subscription/${uuid}`)).body;
  expect(fieldsOf(v2)).toEqual([...SUBSCRIPTION_V2, 'productName'].toSorted());
  expect(fieldsOf(v1)).toEqual(inV1(SUBSCRIPTION_V2, 'stopped').toSorted());
  expect(v2).toMatchObject({ frequency: { value: 1, unit: 'months' }, status: 'active' });
  expect(v1).toMatchObject({ frequency: 2_592_000, subscriptionStatus: 'active', stopped: false });
  const bills = sandbox.events.filter(({ type }) => type.startsWith('subscription.bill'));
  const [billV2, billV1] = bills.map(({ text }) => JSON.parse(text).data);
  expect(fieldsOf(billV2)).toEqual([...BILL_V2, 'subscriptionStatus'].toSorted());
  expect(fieldsOf(billV1)).toEqual(inV1(BILL_V2).toSorted());
  expect(billV1.transactionHash).toBe(billV2.txHash);
  expect([billV1.metadata.feeBps, billV2.metadata.feePercent]).toEqual([150, 1.5]);
});

test('only reads say what became of a refund, and what a subscription is for', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const read = async () => (await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).body;
  expect(await read()).toMatchObject({ refundable: true });
  expect(await read()).not.toHaveProperty('refund');
  await sandbox.requestRefund(uuid);
  expect(await read()).toMatchObject({ refundable: false, refund: { status: 'pending' } });
  await sandbox.denyRefund(uuid);
  expect(await read()).toMatchObject({ refundable: true, refund: { status: 'rejected' } });
  await sandbox.refund(uuid);
  expect(await read()).toMatchObject({ refundable: false, refund: { txUuid: uuid } });
  const club = await openSubscription(sandbox);
  await sandbox.pay(club);
  const { body } = await call(sandbox, `GET /v2/transaction/subscription/${club}`);
  expect(body).toMatchObject({ productName: 'Blue T-shirt' });
  const sent = sandbox.events.map(({ text }) => JSON.parse(text)['data']);
  for (const field of ['refund', 'refundable', 'productName'])
    expect(sent.filter((data) => Object.hasOwn(Object(data), field))).toEqual([]);
});

test('a payment is no subscription, and neither is there before it is completed', async () => {
  const sandbox = await openSandbox({ confirmationMs: 60_000 });
  const uuid = await openPayment(sandbox);
  for (const path of [`payment/${uuid}`, `subscription/${uuid}`, 'subscription/sub@none'])
    for (const version of ['v1', 'v2'])
      expect((await call(sandbox, `GET /${version}/transaction/${path}`)).status).toBe(404);
  await sandbox.pay(uuid);
  expect((await call(sandbox, `GET /v2/transaction/payment/${uuid}`)).status).toBe(404);
});
