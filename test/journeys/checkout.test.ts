import {
  type CheckoutParams,
  createQBitFlow,
  isQBitFlowError,
  type QBitFlow,
} from '@qbitflow/core';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { press, visit } from './support/customer.js';

const TEA = { productName: 'Tea', description: 'One packet', price: 4.5 };
const customerUuid = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const MONTHLY = { frequency: { value: 1, unit: 'months' } } as const;
const publicUrl = 'https://shop.test/qbitflow';

interface Merchant {
  readonly sandbox: Sandbox;
  readonly qbitflow: QBitFlow;
  /** Another process of the same merchant. */
  readonly another: () => QBitFlow;
}

async function openMerchant(generation: 'v1' | 'v2'): Promise<Merchant> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { apiKey, secret: webhookSecret } = sandbox;
  const baseUrl = generation === 'v1' ? sandbox.v1Url : sandbox.v2Url;
  const another = (): QBitFlow => {
    const qbitflow = createQBitFlow({ logger: false, apiKey, webhookSecret, baseUrl, publicUrl });
    onTestFinished(async () => qbitflow.close());
    return qbitflow;
  };
  return { sandbox, qbitflow: another(), another };
}

describe.each(['v1', 'v2'] as const)('on %s', (generation) => {
  test('a payment is opened, and its link is the page where it is paid', async () => {
    const { sandbox, qbitflow } = await openMerchant(generation);
    const session = await qbitflow.checkout.createPayment({ ...TEA, reference: 'order-1' });
    expect(session).toMatchObject({ uuid: expect.stringMatching(/^pay@/), reference: 'order-1' });
    expect(session.expiresAt).toBeInstanceOf(Date);
    const seconds = Math.floor((sandbox.sessions[0]?.expiresAt ?? 0) / 1000);
    expect(Math.floor((session.expiresAt?.getTime() ?? 1) / 1000)).toBe(seconds);
    const page = await visit(session.link);
    expect([page.status, page.text.includes('4.50 USD')]).toEqual([200, true]);
    expect(await sandbox.pay(session.uuid)).toMatchObject({
      redirectUrl: `${publicUrl}/success?uuid=${encodeURIComponent(session.uuid)}&type=payment`,
    });
  });

  test('a subscription is opened with its terms', async () => {
    const { sandbox, qbitflow } = await openMerchant(generation);
    const trialPeriod = { value: 14, unit: 'days' } as const;
    const terms = { ...MONTHLY, trialPeriod, minPeriods: 3, customerUuid };
    const { uuid } = await qbitflow.checkout.createSubscription({ ...TEA, ...terms });
    expect(uuid).toMatch(/^sub@/);
    expect(sandbox.sessions).toMatchObject([{ uuid, terms: { ...terms, kind: 'subscription' } }]);
  });

  test.each(['createPayment', 'createSubscription'] as const)(
    'a double click on %s opens one session',
    async (create) => {
      const { sandbox, qbitflow } = await openMerchant(generation);
      const order = {
        ...TEA,
        ...(create === 'createPayment' ? {} : MONTHLY),
        reference: 'order-1',
      };
      const [one, two] = await Promise.all([
        qbitflow.checkout[create](order),
        qbitflow.checkout[create](order),
      ]);
      expect(one.uuid).toBe(two.uuid);
      expect(sandbox.sessions).toHaveLength(1);
    },
  );

  test('a product is told by its id or by its reference', async () => {
    const { sandbox, qbitflow } = await openMerchant(generation);
    const byId =
      generation === 'v1'
        ? { productId: 7 }
        : { productUuid: '7c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f' };
    await qbitflow.checkout.createPayment(byId);
    await qbitflow.checkout.createPayment({ productReference: 'tea', customerReference: 'b-1' });
    expect(sandbox.sessions).toMatchObject([
      { terms: byId },
      { terms: { productReference: 'tea', customerReference: 'b-1' } },
    ]);
  });

  test('what cannot be opened is said before anything is sent', async () => {
    const { sandbox, qbitflow } = await openMerchant(generation);
    const refused = qbitflow.checkout.createPayment({ ...TEA, price: 0 });
    await expect(refused).rejects.toSatisfy(isQBitFlowError);
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_checkout',
      facts: { fieldErrors: [{ field: 'price', message: 'must be more than 0' }] },
    });
    expect(sandbox.sessions).toEqual([]);
  });
});

test('on v2 a click in another process, or after a restart, opens no second session', async () => {
  const { sandbox, qbitflow, another } = await openMerchant('v2');
  const order = { ...TEA, reference: 'order-1' };
  const [one, two] = await Promise.all([
    qbitflow.checkout.createPayment(order),
    another().checkout.createPayment(order),
  ]);
  await qbitflow.close();
  expect(await another().checkout.createPayment(order)).toEqual(one);
  expect(two).toEqual(one);
  expect(sandbox.sessions).toHaveLength(1);
});

test("on v2 test mode's cap of price and fees comes back as a field error", async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  const shipping = (amountUsd: number) => ({ fees: { items: [{ label: 'Shipping', amountUsd }] } });
  for (const params of [
    { ...TEA, price: 5.01 },
    { ...TEA, ...shipping(0.51) },
  ])
    await expect(qbitflow.checkout.createPayment(params)).rejects.toMatchObject({
      code: 'invalid_checkout',
      facts: {
        fieldErrors: [{ field: 'price', message: expect.stringContaining('at most 5 USD') }],
      },
      cause: { details: { max: 5 } },
    });
  await qbitflow.checkout.createPayment({ ...TEA, ...shipping(0.5) });
  expect(sandbox.sessions).toHaveLength(1);
});

test('on v2 fees are on the page, in what is paid and in what the handler hears', async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  const heard: unknown[] = [];
  qbitflow.on('payment.completed', ({ data }) => void heard.push(data));
  const { uuid, link } = await qbitflow.checkout.createPayment({
    ...TEA,
    price: 4,
    fees: { items: [{ label: 'Shipping', description: 'By bike', amountUsd: '0.50' }] },
  });
  const page = await visit(link);
  expect([page.text.includes('4.50 USD'), /Shipping[^]*0\.5/.test(page.text)]).toEqual([
    true,
    true,
  ]);
  await sandbox.pay(uuid);
  await qbitflow.recheck({ uuid });
  await expect
    .poll(() => heard)
    .toMatchObject([
      {
        amount: 4.5,
        price: 4,
        fees: [{ type: 'custom', label: 'Shipping', description: 'By bike', amountUsd: '0.5' }],
      },
    ]);
});

test.each(['v1', 'v2'] as const)(
  'on %s a subscription without a trial or a minimum',
  async (generation) => {
    const { sandbox, qbitflow } = await openMerchant(generation);
    const frequency = { value: 1, unit: 'years' } as const;
    const { uuid } = await qbitflow.checkout.createSubscription({
      ...TEA,
      frequency,
      trialPeriod: { value: 0 },
      minPeriods: 0,
    });
    expect(sandbox.sessions).toMatchObject([{ terms: { frequency, minPeriods: 0 } }]);
    const { session } = await sandbox.pay(uuid);
    expect(session.subscription).toMatchObject({ status: 'active', billCount: 1 });
  },
);

test('on v2 an unpaid session is ended, a paid one is not', async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  const [open, paid] = [
    await qbitflow.checkout.createPayment(TEA),
    await qbitflow.checkout.createPayment(TEA),
  ];
  await sandbox.pay(paid.uuid);
  await qbitflow.checkout.expire(open.uuid);
  expect(await qbitflow.getStatus(open)).toMatchObject({ status: 'expired' });
  await expect(qbitflow.checkout.expire(paid.uuid)).rejects.toMatchObject({
    code: 'api_rejected',
    apiCode: 'tx_already_sent',
  });
});

test('on v1 a session can be looked at', async () => {
  const { qbitflow } = await openMerchant('v1');
  const { uuid } = await qbitflow.checkout.createPayment({ ...TEA, customerUuid });
  expect(await qbitflow.checkout.get(uuid)).toMatchObject({
    ...TEA,
    uuid,
    customerUuid,
    successUrl: `${publicUrl}/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}`,
    cancelUrl: `${publicUrl}/cancel?uuid={{UUID}}&type={{TRANSACTION_TYPE}}`,
  });
  expect(await qbitflow.checkout.get('pay@01a0c0c7-5a6b-4c7d-8e9f-ffffffffffff')).toBeUndefined();
});

test('who gives up comes back to the cancel page', async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  const params: CheckoutParams = { ...TEA, cancelUrl: `${sandbox.url}/?left={{UUID}}` };
  const request = { method: 'POST', url: '/buy', headers: {} };
  const { status, headers } = await qbitflow.handleCheckout(request, () => params);
  expect(status).toBe(303);
  const back = await press(await visit(headers['location'] ?? ''), 'abandon');
  expect(back.url).toMatch(/\?left=pay%40[0-9a-f-]{36}&type=payment$/);
});
