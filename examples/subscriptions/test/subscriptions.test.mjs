import { expect, test } from 'vitest';
import { deliver, openExample } from '../../../test/docs/example-apps.js';

const uuid = 'sub@01a0c0c7-5a6b-4c7d-8e9f-000000000001';
const DAY_MS = 86_400_000;
const daysFromNow = (days) => new Date(Date.now() + days * DAY_MS).toISOString();

test('access lasts as long as what is paid, in whatever order and how often it is told', async () => {
  const example = await openExample('subscriptions');
  const shop = await example.start('server.mjs');
  const read = async () => {
    const response = await fetch(`${shop.url}/magazine/${uuid}`);
    return `${response.status} ${await response.text()}`;
  };
  const tell = async (type, data) => deliver(shop.url, type, { id: `evt_${type}`, data });
  expect(await read()).toBe('402 subscribe');

  const created = { uuid, updatedAt: daysFromNow(-60), currentPeriodEnd: daysFromNow(-30) };
  await tell('subscription.created', { ...created, status: 'active' });
  await expect.poll(shop.output).toContain('active');
  expect(await read()).toBe('402 subscribe');

  const bill = { uuid: 'sub-hist@01a0c0c7-5a6b-4c7d-8e9f-000000000002', subscriptionUuid: uuid };
  await tell('subscription.billed', { ...bill, periodEnd: daysFromNow(30) });
  await expect.poll(read).toBe("200 this month's issue (your subscription: active)");
  expect(await tell('subscription.billed', { ...bill, periodEnd: daysFromNow(30) })).toEqual({
    status: 200,
    duplicate: true,
  });

  // Cancelled, but paid; then what was said before the bill and the cancellation comes late.
  const now = { uuid, updatedAt: daysFromNow(0), currentPeriodEnd: daysFromNow(30) };
  await tell('subscription.statusChanged', { ...now, status: 'cancelled' });
  await expect.poll(read).toBe("200 this month's issue (your subscription: cancelled)");
  const late = { ...created, updatedAt: daysFromNow(-40), status: 'pastDue' };
  await deliver(shop.url, 'subscription.statusChanged', { id: 'evt_late', data: late });
  await expect.poll(shop.output).toContain('pastDue');
  expect(await read()).toBe("200 this month's issue (your subscription: cancelled)");

  await tell('subscription.billingFailed', { ...now, reason: 'insufficientBalance' });
  await expect.poll(shop.output).toContain(`ask the customer of ${uuid} insufficientBalance`);
});

test('a bill that comes before its subscription gives access, and none is taken away by it', async () => {
  const example = await openExample('subscriptions');
  const shop = await example.start('server.mjs');
  const read = async () => (await fetch(`${shop.url}/magazine/${uuid}`)).text();
  const bill = { subscriptionUuid: uuid, periodEnd: daysFromNow(30) };
  await deliver(shop.url, 'subscription.billed', { data: bill });
  await expect.poll(read).toBe("this month's issue (your subscription: new)");
  const created = { uuid, updatedAt: daysFromNow(-30), currentPeriodEnd: daysFromNow(-1) };
  await deliver(shop.url, 'subscription.created', { data: { ...created, status: 'trial' } });
  await expect.poll(read).toBe("this month's issue (your subscription: trial)");
});
