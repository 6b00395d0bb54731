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
    const qbitflow = createQBitFlow({ apiKey, webhookSecret, baseUrl, publicUrl });
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
    const terms = { ...MONTHLY, trialPeriod, minPeriods: 3, customerUuid: 'customer-1' };
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
    const byId = generation === 'v1' ? { productId: 7 } : { productUuid: 'product-7' };
    await qbitflow.checkout.createPayment(byId);
    await qbitflow.checkout.createPayment({ productReference: 'tea', customerReference: 'b 1' });
    expect(sandbox.sessions).toMatchObject([
      { terms: byId },
      { terms: { productReference: 'tea', customerReference: 'b 1' } },
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

test('on v2 other terms for one reference are refused, and say what to do', async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  await qbitflow.checkout.createPayment({ ...TEA, reference: 'order-1' });
  const changed = qbitflow.checkout.createPayment({ ...TEA, price: 3, reference: 'order-1' });
  const message = expect.stringContaining('give changed terms a new reference');
  await expect(changed).rejects.toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'reference', message }] },
  });
  expect(sandbox.sessions).toHaveLength(1);
});

test("on v2 test mode's price cap comes back as a field error", async () => {
  const { qbitflow } = await openMerchant('v2');
  await expect(qbitflow.checkout.createPayment({ ...TEA, price: 5.01 })).rejects.toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'price' }] },
  });
});

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
  const { uuid } = await qbitflow.checkout.createPayment({ ...TEA, customerUuid: 'customer-1' });
  expect(await qbitflow.checkout.get(uuid)).toMatchObject({
    ...TEA,
    uuid,
    customerUuid: 'customer-1',
    successUrl: `${publicUrl}/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}`,
    cancelUrl: `${publicUrl}/cancel?uuid={{UUID}}&type={{TRANSACTION_TYPE}}`,
  });
  expect(await qbitflow.checkout.get('pay@01a0c0c7-5a6b-4c7d-8e9f-ffffffffffff')).toBeUndefined();
});

test('who gives up comes back to the cancel page', async () => {
  const { sandbox, qbitflow } = await openMerchant('v2');
  const params: CheckoutParams = { ...TEA, cancelUrl: `${sandbox.url}/?left={{UUID}}` };
  const request = { method: 'POST', url: '/buy', headers: {} };
  const { status, headers } = await qbitflow.answerCheckout(request, () => params);
  expect(status).toBe(303);
  const back = await press(await visit(headers['location'] ?? ''), 'abandon');
  expect(back.url).toMatch(/\?left=pay%40[0-9a-f-]{36}&type=payment$/);
});
