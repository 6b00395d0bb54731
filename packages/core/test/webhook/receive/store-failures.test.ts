import { memoryStore, type RecordOutcome } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

const body = fixtures.v2['payment.completed']();
const LATER = '{"error":"the delivery could not be recorded now, please send again later"}';

test('a store that does not record within recordTimeoutMs is answered 503 with Retry-After', async () => {
  const shop = openShop({
    store: withChanges(memoryStore(), { record: async () => new Promise(() => undefined) }),
  });
  const answering = shop.deliver(body);
  await shop.clock.advance(4_999);
  expect(await Promise.race([answering, Promise.resolve('still waiting')])).toBe('still waiting');
  await shop.clock.advance(1);
  const { status, headers, body: text } = await answering;
  expect([status, headers['retry-after'], text]).toEqual([503, '10', LATER]);
  await settle();
  expect(shop.errors).toMatchObject([
    {
      error: { code: 'store_unavailable', facts: { store: 'memory' } },
      facts: { stage: 'receive' },
    },
  ]);
});

test('recordTimeoutMs can be set', async () => {
  const shop = openShop({
    recordTimeoutMs: 200,
    store: withChanges(memoryStore(), { record: async () => new Promise(() => undefined) }),
  });
  const answering = shop.deliver(body);
  await shop.clock.advance(200);
  expect((await answering).status).toBe(503);
});

test('a record that succeeds after its timeout makes the next delivery a duplicate, and runs once', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  let land: () => void = () => undefined;
  let slow = true;
  const store = withChanges(inner, {
    record: async (delivery) => {
      if (!slow) return inner.record(delivery);
      return new Promise<RecordOutcome>((resolve) => {
        land = () => {
          void inner.record(delivery).then(resolve);
        };
      });
    },
  });
  const shop = openShop({ store });
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  const first = shop.deliver(body);
  await shop.clock.advance(5_000);
  expect((await first).status).toBe(503);
  slow = false;
  land();
  await settle();
  expect((await shop.deliver(body)).body).toBe('{"received":true,"duplicate":true}');
  await shop.clock.advance(1_000);
  await settle();
  expect(runs).toBe(1);
});

test.each([
  ['rejects', async () => Promise.reject(new Error('down'))],
  [
    'throws at once',
    () => {
      throw new Error('down');
    },
  ],
])('a store whose record %s is answered 503; the cause goes to onError', async (_name, record) => {
  const shop = openShop({ store: withChanges(memoryStore(), { record }) });
  const { status, headers, body: text } = await shop.deliver(body);
  expect([status, headers['retry-after'], text]).toEqual([503, '10', LATER]);
  await settle();
  expect(shop.errors).toMatchObject([
    { error: { code: 'store_unavailable', cause: { message: 'down' } } },
  ]);
});

test('a full memory store is answered 503 until there is room again', async () => {
  const shop = openShop({
    store: memoryStore({ maxOpen: 1 }),
    processing: 'elsewhere',
  });
  expect((await shop.deliver(body)).status).toBe(200);
  const { status, headers, body: text } = await shop.deliver(fixtures.v2['webhook.test']());
  expect([status, headers['retry-after'], text]).toEqual([503, '10', LATER]);
  const [taken] = await shop.store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was due');
  await shop.store.complete(taken, { succeeded: [] });
  expect((await shop.deliver(fixtures.v2['webhook.test']())).status).toBe(200);
  await settle();
  expect(shop.errors).toMatchObject([{ error: { code: 'store_full' } }]);
});

test('no timer of a delivery is left behind', async () => {
  const shop = openShop({ processing: 'elsewhere' });
  await shop.deliver(body);
  expect(shop.clock.waiting).toBe(0);
});
