import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { memoryStore, type QBitFlowOptions } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from '../../api/support/api-server.js';
import { settle } from '../../support/settle.js';
import { openShop } from '../../support/shop.js';

const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const KEY = `payment.completed:${PAYMENT}`;

const v2 = (money: boolean | undefined, uuid = PAYMENT): unknown =>
  fixtures.v2['payment.completed']({ test: money, data: { uuid, test: money } });
const v1 = (money: boolean | undefined): unknown =>
  fixtures.v1.paymentCompleted({ uuid: PAYMENT, session: { uuid: PAYMENT, test: money } });

function openMode(options: Omit<QBitFlowOptions, 'clock' | 'store'> = {}, clock = fakeClock()) {
  const store = memoryStore({ clock });
  const shop = openShop({ ...options, clock, store });
  const handled: string[] = [];
  shop.kit.onAny(({ type, test: money }) => handled.push(`${type} ${String(money)}`));
  return { ...shop, handled };
}

test.each<[QBitFlowOptions['mode'], boolean | undefined, boolean]>([
  ['live', false, true],
  ['live', true, false],
  ['live', undefined, true],
  ['test', true, true],
  ['test', false, false],
  ['test', undefined, true],
  ['both', true, true],
  ['both', false, true],
  [undefined, true, false],
])('mode %s, test %s: handled %s, on both generations', async (mode, money, isHandled) => {
  for (const version of ['v1', 'v2'] as const) {
    const { deliver, handled, store } = openMode({ mode });
    const answer = await deliver(version === 'v1' ? v1(money) : v2(money), { version });
    expect(answer).toMatchObject({ status: 200, body: '{"received":true}' });
    await settle();
    expect(handled).toEqual(isHandled ? [`payment.completed ${String(money)}`] : []);
    expect((await store.get(KEY))?.state).toBe(isHandled ? 'done' : undefined);
  }
});

test('what is kept away is done and unhandled under a name of its own, and says why', async () => {
  const { deliver, store, errors } = openMode();
  await deliver(v2(true));
  const page = await store.list({ unhandled: true });
  expect(page.items).toMatchObject([
    {
      key: `test-money:${KEY}`,
      state: 'done',
      unhandled: true,
      type: 'payment.completed',
      subject: PAYMENT,
      lastError: 'test money, and this kit takes live money only',
    },
  ]);
  expect(errors).toEqual([]);
});

test('it can never hold the key of what is wanted, by whichever process of a store', async () => {
  const clock = fakeClock();
  const live = openMode({ mode: 'live', processing: 'elsewhere' }, clock);
  const other = openShop({ mode: 'test', processing: 'elsewhere', clock, store: live.store });
  const fresh = { status: 200, body: '{"received":true}' };
  expect(await live.deliver(v2(true))).toMatchObject(fresh);
  expect(await other.deliver(v2(true))).toMatchObject(fresh);
  expect(await other.deliver(v2(false, 'pay@2'))).toMatchObject(fresh);
  expect(await live.deliver(v2(false, 'pay@2'))).toMatchObject(fresh);
  const states = [KEY, 'payment.completed:pay@2'].map(async (key) => live.store.get(key));
  expect(await Promise.all(states)).toMatchObject([{ state: 'due' }, { state: 'due' }]);
});

test('it is told once for each type, and every time on its channel', async () => {
  const { deliver, logger } = openMode({ mode: 'test' });
  const heard: unknown[] = [];
  const hear = (message: unknown): number => heard.push(message);
  subscribe('qbitflow:delivery_kept_away', hear);
  onTestFinished(() => {
    unsubscribe('qbitflow:delivery_kept_away', hear);
  });
  await deliver(v2(false));
  await deliver(v2(false, 'pay@2'));
  await deliver(fixtures.v2['refund.completed']({ test: false }));
  const warnings = logger.withCode('mode_kept_away');
  expect(warnings.map(({ level, facts }) => [level, facts['type'], facts['money']])).toEqual([
    ['warn', 'payment.completed', 'live'],
    ['warn', 'refund.completed', 'live'],
  ]);
  expect(warnings[0]?.message).toContain("set mode to 'live' or 'both'");
  expect(heard).toMatchObject([{ type: 'payment.completed' }, {}, { type: 'refund.completed' }]);
});

test("the dashboard's test of an endpoint always reaches its handlers", async () => {
  for (const mode of ['live', 'test'] as const) {
    const { deliver, handled } = openMode({ mode });
    await deliver(fixtures.v2['webhook.test']({ test: mode === 'live' }));
    await settle();
    expect(handled).toHaveLength(1);
  }
});

test('a type newer than the kit is kept away like any other', async () => {
  const { deliver, handled, store } = openMode();
  await deliver({ id: 'evt_9', type: 'payout.completed', version: 'v2', test: true, data: {} });
  await settle();
  expect(handled).toEqual([]);
  expect((await store.list({ unhandled: true })).items).toMatchObject([
    { type: 'payout.completed', key: 'test-money:payout.completed:evt_9' },
  ]);
});

test('an operator who replays it has it handled, under the key of what it says, once', async () => {
  const { kit, deliver, handled, store } = openMode();
  await kit.start();
  await deliver(v2(true));
  expect(await kit.deliveries.replayUnhandled('payment.completed')).toBe(0);
  expect(await kit.deliveries.replay(`test-money:${KEY}`)).toBe(true);
  await settle();
  expect(handled).toEqual(['payment.completed true']);
  expect((await store.get(KEY))?.state).toBe('done');
  expect(await kit.deliveries.replay(`test-money:${KEY}`)).toBe(false);
  await settle();
  expect(handled).toHaveLength(1);
});

test('a kit that takes both by now hands over what was kept away, once', async () => {
  const clock = fakeClock();
  const live = openMode({ mode: 'live' }, clock);
  await live.deliver(v2(true));
  const both = openShop({ mode: 'both', clock, store: live.store });
  const handled: string[] = [];
  both.kit.on('payment.completed', ({ key }) => handled.push(key));
  // QBitFlow or recover() may have brought it again meanwhile.
  await both.deliver(v2(true));
  await settle();
  expect(await both.kit.deliveries.replayUnhandled('payment.completed')).toBe(0);
  await settle();
  expect(handled).toEqual([KEY]);
});

test('what recover() brings is kept away too', async () => {
  const api = await startApi();
  const createdAt = '2026-10-01T12:00:01Z';
  const items = [{ ...Object(v2(true)), createdAt }];
  api.on('/v2/webhooks/events', { status: 200, json: { items, nextCursor: null } });
  const { kit, clock, handled, store } = openMode({
    mode: 'live',
    apiKey: 'sk_x',
    baseUrl: `${api.origin}/v2`,
  });
  await clock.advance(60_000);
  await kit.recover({ since: 0 });
  await settle();
  expect(handled).toEqual([]);
  expect((await store.get(`test-money:${KEY}`))?.source).toBe('recovery');
});

test('before-reply does not wait for handlers that must not see it', async () => {
  const { deliver, clock } = openMode({ processing: 'before-reply' });
  expect((await deliver(v2(true))).status).toBe(200);
  expect(clock.now()).toBe(fakeClock().now());
});
