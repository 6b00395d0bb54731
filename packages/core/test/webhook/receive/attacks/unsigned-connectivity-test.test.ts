import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop, post } from '../../../support/shop.js';

test("v1's test id opens no door without a signature", async () => {
  const shop = openShop();
  const body = Buffer.from(JSON.stringify(fixtures.v1.paymentCompleted()));
  const headers = { 'x-webhook-id': 'test-webhook-id' };
  expect((await shop.kit.handleWebhook(post({ headers, body }))).status).toBe(401);
});

test("v1's test id opens no door with a wrong signature", async () => {
  const shop = openShop();
  const { status } = await shop.deliver(fixtures.v1.connectivityTest(), {
    version: 'v1',
    secret: 'whsec_other',
  });
  expect(status).toBe(401);
});

test("v1's test id does not swallow a v2 event", async () => {
  const shop = openShop();
  const signed = signDelivery({
    version: 'v2',
    body: fixtures.v2['payment.completed'](),
    secret: 'whsec_test_0123456789',
    clock: shop.clock,
  });
  const headers = { ...signed.headers, 'x-webhook-id': 'test-webhook-id' };
  await shop.kit.handleWebhook(post({ ...signed, headers }));
  expect(await shop.store.stats()).toMatchObject({ due: 1 });
});
