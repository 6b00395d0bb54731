import { once } from 'node:events';
import { createServer } from 'node:http';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { expect, onTestFinished, test } from 'vitest';

const DAY_MS = 86_400_000;
const TEA = { productName: 'Tea', description: 'One packet', price: 4.5 };

/** A shop whose handlers note what they are called with, beside a QBitFlow that sends to it. */
async function openShop(deliver: 'v1' | 'v2') {
  const heard: string[] = [];
  const sandbox = await startSandbox({ deliver });
  onTestFinished(() => sandbox.close());
  const { apiKey, secret: webhookSecret, v2Url: baseUrl } = sandbox;
  const qbitflow = createQBitFlow({
    logger: false,
    apiKey,
    webhookSecret,
    baseUrl,
    publicUrl: 'https://shop.test/qbitflow',
  });
  qbitflow.onAny(async ({ type }) => {
    heard.push(type);
  });
  qbitflow.onUnknown(async ({ sentType }) => {
    heard.push(`unknown: ${sentType}`);
  });
  const server = createServer(toNodeHandler(qbitflow)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP address');
  sandbox.setWebhookUrl(`http://127.0.0.1:${address.port}/webhook`);
  onTestFinished(async () => {
    server.close();
    await qbitflow.close();
  });
  const openSubscription = async () => {
    const terms = { ...TEA, frequency: { value: 1, unit: 'months' } } as const;
    const { uuid } = await qbitflow.checkout.createSubscription(terms);
    await sandbox.pay(uuid);
    return uuid;
  };
  return { sandbox, qbitflow, heard, openSubscription };
}

async function settle(sandbox: Sandbox, heard: readonly string[], count: number): Promise<void> {
  await sandbox.idle();
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(count);
  expect(sandbox.deliveries.map(({ state }) => state)).not.toContain('failed');
}

test('a shop lives through the year of a subscription: twelve notices and bills, in their order', async () => {
  const { sandbox, heard, openSubscription } = await openShop('v2');
  await openSubscription();
  await sandbox.advance(365 * DAY_MS);
  await settle(sandbox, heard, 26);
  expect(heard.toSorted().slice(0, 14)).toEqual([
    ...Array.from({ length: 13 }, () => 'subscription.billed'),
    'subscription.created',
  ]);
  expect(heard.slice(2)).toEqual(
    Array.from({ length: 12 }, () => ['subscription.upcomingBill', 'subscription.billed']).flat(),
  );
});

test('on v1 it hears of the bills', async () => {
  const { sandbox, heard, openSubscription } = await openShop('v1');
  await openSubscription();
  await sandbox.advance(365 * DAY_MS);
  await settle(sandbox, heard, 14);
  expect(heard.filter((type) => type === 'subscription.billed')).toHaveLength(13);
});

test('every one of the fifteen types can be made to happen, is genuine and understood', async () => {
  const { sandbox, qbitflow, heard, openSubscription } = await openShop('v2');
  const { uuid: payment } = await qbitflow.checkout.createPayment({ ...TEA, reference: 'order-1' });
  await qbitflow.checkout.createPayment(TEA);
  await sandbox.pay(payment);
  const monthly = await openSubscription();
  await sandbox.failBills(monthly, { reason: 'insufficientBalance' });
  await sandbox.advance(40 * DAY_MS);
  await sandbox.requireAction(await openSubscription());
  await sandbox.requestRefund(payment);
  await sandbox.denyRefund(payment);
  await sandbox.refund(payment, { percent: 50 });
  await sandbox.releaseFunds(payment);
  const { userUuid } = await sandbox.joinMember();
  await sandbox.removeMember(userUuid);
  await sandbox.testWebhook();
  await sandbox.idle();
  const sent = new Set(sandbox.deliveries.map(({ type }) => type));
  expect([...sent].toSorted()).toEqual([
    'checkout.expired',
    'heldFunds.released',
    'member.joined',
    'member.removed',
    'payment.completed',
    'refund.completed',
    'refund.denied',
    'refund.requested',
    'subscription.actionRequiredChanged',
    'subscription.billed',
    'subscription.billingFailed',
    'subscription.created',
    'subscription.statusChanged',
    'subscription.upcomingBill',
    'webhook.test',
  ]);
  await expect.poll(() => new Set(heard), { timeout: 10_000 }).toEqual(sent);
  expect(sandbox.deliveries.map(({ state }) => state)).not.toContain('failed');
});
