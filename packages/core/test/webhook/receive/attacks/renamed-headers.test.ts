import { canonicalJson, parseEvent, type HttpRequest } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../../support/settle.js';
import { openShop, post, SECRET, type Shop } from '../../../support/shop.js';

/** As an attacker who holds one delivery: v2's digest under v1's names. Its sorted form is its canonical form. */
function underV1Names(shop: Shop, body: unknown, changes: Record<string, string> = {}) {
  const genuine = signDelivery({
    version: 'v2',
    body: canonicalJson(body),
    secret: SECRET,
    clock: shop.clock,
  });
  const parts = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(genuine.headers['qbitflow-signature'] ?? '');
  const headers = {
    'x-webhook-timestamp': parts?.[1] ?? '',
    'x-webhook-signature-256': `sha256=${parts?.[2] ?? ''}`,
    ...changes,
  };
  return { genuine: post(genuine), forged: post({ headers, body: genuine.body }) };
}

async function handledOf(shop: Shop, requests: readonly HttpRequest[]): Promise<string[]> {
  const handled: string[] = [];
  shop.kit.onAny(({ version, type }) => handled.push(`${version} ${type}`));
  for (const request of requests) await shop.kit.handleWebhook(request);
  await settle();
  return handled;
}

test.each(Object.entries(fixtures.v2))(
  'a captured %s under the other names is the same event, and its handler runs once',
  async (type, make) => {
    const shop = openShop();
    const { genuine, forged } = underV1Names(shop, make());
    expect(await handledOf(shop, [forged, genuine, forged])).toEqual([`v2 ${type}`]);
  },
);

test.each(Object.entries(fixtures.v1).filter(([name]) => name !== 'connectivityTest'))(
  "a captured v1 delivery (%s) under v2's name is the same event, and its handler runs once",
  async (_, make) => {
    const shop = openShop();
    const body = canonicalJson(make());
    const genuine = signDelivery({ version: 'v1', body, secret: SECRET, clock: shop.clock });
    const digest = (genuine.headers['x-webhook-signature-256'] ?? '').replace('sha256=', '');
    const header = `t=${genuine.headers['x-webhook-timestamp']},v1=${digest}`;
    const forged = post({ headers: { 'qbitflow-signature': header }, body: genuine.body });
    const handled = await handledOf(shop, [forged, post(genuine), forged]);
    const parsed = parseEvent({ body });
    expect(handled).toEqual([`v1 ${parsed.ok ? parsed.event.type : ''}`]);
  },
);

test("v1's test id on a captured delivery does not keep the genuine one from its handler", async () => {
  const shop = openShop();
  const body = fixtures.v2['payment.completed']();
  const { genuine, forged } = underV1Names(shop, body, { 'x-webhook-id': 'test-webhook-id' });
  expect(await handledOf(shop, [forged, genuine])).toEqual(['v2 payment.completed']);
});

test('a captured delivery written in other ways is one record, readable or not', async () => {
  for (const body of [
    fixtures.v2['payment.completed'](),
    fixtures.v1.paymentPending(),
    { ...fixtures.v1.paymentPending(), uuid: 7 },
    { hello: 'world' },
  ]) {
    const shop = openShop();
    const signed = signDelivery({ version: 'v1', body, secret: SECRET, clock: shop.clock });
    for (const indent of [undefined, 1, 2, '\t'])
      await shop.kit.handleWebhook(
        post({ ...signed, body: Buffer.from(JSON.stringify(body, null, indent)) }),
      );
    const { due, done, dead } = await shop.store.stats();
    expect(due + done + dead).toBe(1);
  }
});

test.each<[string, unknown]>([
  [
    'a subscription webhook that calls itself payment.completed',
    { subscriptionUUID: 'sub@1', type: 'payment.completed', data: { uuid: 'pay@1' } },
  ],
  [
    'an envelope whose type is the beginning of a key',
    { id: 'evt_1', type: 'payment.completed:pay@1', version: 'v2', data: {} },
  ],
  [
    'an envelope whose type and id make a key',
    { id: 'pay@1', type: 'payment.completed', version: 'v2', data: {} },
  ],
  [
    "an envelope of v1's own type",
    { id: 'pay@1', type: 'transaction.updated', version: 'v2', data: { uuid: 'pay@1' } },
  ],
])('%s takes no payment’s place', async (_, body) => {
  const shop = openShop();
  const runs: string[] = [];
  shop.kit.on('payment.completed', ({ data }) => runs.push(data.uuid));
  await shop.deliver(body);
  await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid: 'pay@1' } }));
  await settle();
  expect(runs).toContain('pay@1');
});
