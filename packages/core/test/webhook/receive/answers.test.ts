import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, post, SECRET } from '../../support/shop.js';

const payment = fixtures.v2['payment.completed'];
const RECEIVED = '{"received":true}';
const DUPLICATE = '{"received":true,"duplicate":true}';

test('a genuine delivery is answered 200 once it is recorded', async () => {
  const shop = openShop();
  const answer = await shop.deliver(payment());
  expect(answer).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': '17' },
    body: RECEIVED,
  });
  expect(await shop.store.stats()).toMatchObject({ due: 1 });
});

test('a delivery seen before is a duplicate while it waits, runs, and when it is done', async () => {
  const shop = openShop();
  let finish: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let runs = 0;
  shop.kit.on('payment.completed', async () => {
    runs += 1;
    await gate;
  });
  expect((await shop.deliver(payment())).body).toBe(RECEIVED);
  expect((await shop.deliver(payment())).body).toBe(DUPLICATE);
  await settle();
  expect(await shop.store.stats()).toMatchObject({ running: 1 });
  expect((await shop.deliver(payment())).body).toBe(DUPLICATE);
  finish();
  await settle();
  expect(await shop.store.stats()).toMatchObject({ done: 1 });
  expect((await shop.deliver(payment())).body).toBe(DUPLICATE);
  await settle();
  expect(runs).toBe(1);
});

test('a duplicate is acknowledged while its first record waits as a dead letter', async () => {
  const shop = openShop({ handlers: { maxAttempts: 1 } });
  shop.kit.on('payment.completed', () => {
    throw new Error('no');
  });
  await shop.deliver(payment());
  await settle();
  expect(await shop.store.stats()).toMatchObject({ dead: 1 });
  expect((await shop.deliver(payment())).body).toBe(DUPLICATE);
});

test('one payment reported by v1 and by v2 is one delivery', async () => {
  const shop = openShop();
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  const first = await shop.deliver(fixtures.v1.paymentCompleted(), { version: 'v1' });
  const second = await shop.deliver(payment());
  await settle();
  expect([first.body, second.body, runs]).toEqual([RECEIVED, DUPLICATE, 1]);
});

test('a type nobody handles is recorded, acknowledged, and waits for a handler', async () => {
  const shop = openShop();
  expect((await shop.deliver(payment())).status).toBe(200);
  await settle();
  expect(await shop.store.stats()).toMatchObject({ due: 1, done: 0, dead: 0 });
  expect(shop.logger.withCode('type_unhandled')).toMatchObject([{ level: 'warn' }]);
});

test('a type newer than the kit is acknowledged and reaches onUnknown and onAny', async () => {
  const shop = openShop();
  const seen: string[] = [];
  shop.kit.onUnknown((event) => seen.push(`unknown ${event.sentType}`));
  shop.kit.onAny((event) => seen.push(`any ${event.type}`));
  const { status } = await shop.deliver({ ...payment(), type: 'payment.teleported' });
  await settle();
  expect([status, seen]).toEqual([200, ['unknown payment.teleported', 'any unknown']]);
});

test("v1's connectivity test is verified, acknowledged and dispatched to nobody", async () => {
  const shop = openShop();
  const { status, body } = await shop.deliver(fixtures.v1.connectivityTest(), { version: 'v1' });
  expect([status, body]).toEqual([200, RECEIVED]);
  expect(await shop.store.stats()).toMatchObject({ due: 0, running: 0, done: 0, dead: 0 });
});

test("v2's webhook.test is dispatched like any event", async () => {
  const shop = openShop();
  const seen: string[] = [];
  shop.kit.on('webhook.test', (event) => seen.push(event.data.message ?? ''));
  await shop.deliver(fixtures.v2['webhook.test']());
  await settle();
  expect(seen).toEqual(['It works']);
});

test('a genuine body that is no event is acknowledged and kept as a dead letter with its bytes', async () => {
  const shop = openShop();
  const sent = '{"id":"evt_1","type":"payment.completed","data":"none"} ';
  expect((await shop.deliver(sent)).status).toBe(200);
  const { items } = await shop.store.list({ state: 'dead' });
  expect(items).toHaveLength(1);
  const kept = await shop.store.get(items[0]?.key ?? '');
  expect(Buffer.from(kept?.raw ?? []).toString()).toBe(sent);
  expect(kept?.type).toBe('unreadable');
  await settle();
  expect(shop.errors).toMatchObject([
    { error: { code: 'unreadable_event' }, facts: { stage: 'parse', key: kept?.key } },
  ]);
});

test('a genuine body that is not JSON is acknowledged and kept too', async () => {
  const shop = openShop();
  expect((await shop.deliver('<event/>')).status).toBe(200);
  const { items } = await shop.store.list({ state: 'dead' });
  expect(items[0]?.lastError).toBe('the body is not JSON');
});

test.each(['GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE'])('%s is answered 405', async (method) => {
  const shop = openShop();
  const signed = signDelivery({
    version: 'v2',
    body: payment(),
    secret: SECRET,
    clock: shop.clock,
  });
  const { status, headers, body } = await shop.kit.handleWebhook(post(signed, { method }));
  expect([status, headers['allow'], body]).toEqual([405, 'POST', '{"error":"method not allowed"}']);
  await settle();
  expect([shop.errors, shop.logger.withCode('method_not_allowed')]).toEqual([[], []]);
});
