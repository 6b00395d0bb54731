import {
  memoryStore,
  type DurableStore,
  type NewDelivery,
  type QBitFlowOptions,
} from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { gate, never } from '../support/processes.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();
const KEY = 'payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

type Options = Pick<QBitFlowOptions, 'beforeReplyMs' | 'handlers'> & {
  readonly changes?: (store: DurableStore) => Partial<DurableStore>;
};

/** A shop on a platform that freezes after the answer, and what happened in which order. */
function openFrozen({ changes = () => ({}), ...options }: Options = {}) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const store = withChanges(inner, changes(inner));
  const shop = openShop({ clock, store, processing: 'before-reply', ...options });
  const order: string[] = [];
  const deliver = () => {
    void shop
      .deliver(body)
      .then(({ status, body: text }) => order.push(`answer ${status} ${text}`));
  };
  return { ...shop, inner, order, deliver };
}

/** A store that takes nothing as it records it. */
const leavingDue = (store: DurableStore) => ({
  record: async (delivery: NewDelivery) => store.record(delivery),
});

const ANSWER = 'answer 200 {"received":true}';
const DUPLICATE = 'answer 200 {"received":true,"duplicate":true}';

test('the handler is done, and the delivery too, before the answer', async () => {
  const { kit, deliver, order, inner } = openFrozen();
  const { opened, open } = gate();
  kit.on('payment.completed', async () => {
    await opened;
    order.push('handler');
  });
  deliver();
  await settle();
  expect(order).toEqual([]);
  open();
  await settle();
  expect(order).toEqual(['handler', ANSWER]);
  expect((await inner.get(KEY))?.state).toBe('done');
});

test('a slow handler is answered after beforeReplyMs, and goes on', async () => {
  const { kit, deliver, order, clock, inner } = openFrozen({ beforeReplyMs: 4_000 });
  const { opened, open } = gate();
  kit.on('payment.completed', async () => opened);
  deliver();
  await clock.advance(3_999);
  expect(order).toEqual([]);
  await clock.advance(1);
  expect(order).toEqual([ANSWER]);
  expect((await inner.get(KEY))?.state).toBe('running');
  open();
  await settle();
  expect((await inner.get(KEY))?.state).toBe('done');
});

test('the answer waits 25 s unless said otherwise', async () => {
  const { kit, deliver, order, clock } = openFrozen();
  kit.on('payment.completed', never);
  deliver();
  await clock.advance(24_999);
  expect(order).toEqual([]);
  await clock.advance(1);
  expect(order).toEqual([ANSWER]);
});

test('a failing handler is answered 200 at once, and tried again later', async () => {
  const { kit, deliver, order, clock, inner } = openFrozen();
  let runs = 0;
  kit.on('payment.completed', () => {
    runs += 1;
    if (runs === 1) throw new Error('no');
  });
  deliver();
  await settle();
  expect([order, runs]).toEqual([[ANSWER], 1]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'due', finished: 1 });
  await clock.advance(2_000);
  expect([runs, (await inner.get(KEY))?.state]).toEqual([2, 'done']);
});

test('a duplicate is answered at once, while the handler of the first still runs', async () => {
  const { kit, deliver, order } = openFrozen();
  const { opened, open } = gate();
  kit.on('payment.completed', async () => opened);
  deliver();
  await settle();
  deliver();
  await settle();
  expect(order).toEqual([DUPLICATE]);
  open();
  await settle();
  expect(order).toEqual([DUPLICATE, ANSWER]);
});

test('a delivery that another process has taken is answered without waiting for it', async () => {
  const { kit, deliver, order, inner, clock } = openFrozen({
    changes: (store) => ({
      async record(delivery) {
        const outcome = await store.record(delivery);
        await store.takeDue({ limit: 1, leaseMs: 60_000 });
        return outcome;
      },
    }),
  });
  let runs = 0;
  kit.onAny(() => {
    runs += 1;
  });
  deliver();
  await clock.advance(200);
  expect([order, runs]).toEqual([[ANSWER], 0]);
  expect((await inner.get(KEY))?.state).toBe('running');
});

test('a delivery whose turn has not come is answered in time and runs later', async () => {
  const { kit, deliver, order, clock, inner } = openFrozen({
    beforeReplyMs: 4_000,
    handlers: { concurrency: 1 },
  });
  const { opened, open } = gate();
  kit.on('checkout.expired', async () => opened);
  await inner.record({
    ...(await recordOf(fixtures.v2['checkout.expired']())),
  });
  let runs = 0;
  kit.on('payment.completed', () => {
    runs += 1;
  });
  await kit.start();
  await settle();
  deliver();
  await clock.advance(4_000);
  expect([order, runs]).toEqual([[ANSWER], 0]);
  open();
  await clock.advance(1_000);
  expect(runs).toBe(1);
});

test('a store that fails to say how far a delivery is does not delay or change the answer', async () => {
  let failures = 0;
  const { kit, deliver, order, clock } = openFrozen({
    changes: (store) => ({
      ...leavingDue(store),
      takeDue: async () => [],
      get: async () => {
        failures += 1;
        throw new Error('away');
      },
    }),
  });
  kit.onAny(never);
  deliver();
  await clock.advance(100);
  expect([order, failures]).toEqual([[ANSWER], 1]);
});

test('a store that hangs does not hold the answer longer than beforeReplyMs', async () => {
  const { kit, deliver, order, clock } = openFrozen({
    beforeReplyMs: 4_000,
    changes: (store) => ({ ...leavingDue(store), takeDue: async () => [], get: never }),
  });
  kit.onAny(never);
  deliver();
  await clock.advance(4_000);
  expect(order).toEqual([ANSWER]);
});

test('a store that gives no work is answered in time', async () => {
  const { kit, deliver, order, clock, inner } = openFrozen({
    beforeReplyMs: 4_000,
    changes: () => ({ takeDue: never }),
  });
  kit.onAny(never);
  deliver();
  await clock.advance(4_000);
  expect([order, (await inner.get(KEY))?.state]).toEqual([[ANSWER], 'due']);
});

test('a request that waits when the kit closes is answered with it, not after beforeReplyMs', async () => {
  const { kit, deliver, order, inner } = openFrozen({
    changes: (store) => ({ ...leavingDue(store), takeDue: async () => [] }),
  });
  kit.onAny(never);
  deliver();
  await settle();
  await kit.close();
  await settle();
  expect([order, (await inner.get(KEY))?.state]).toEqual([[ANSWER], 'due']);
});

test('a request that comes after close() is recorded and answered without waiting', async () => {
  const { kit, deliver, order, inner } = openFrozen({ changes: () => ({ durable: true }) });
  await kit.start();
  await kit.close();
  deliver();
  await settle();
  expect([order, (await inner.get(KEY))?.state]).toEqual([[ANSWER], 'due']);
});

test('a store that is down is still a 503, without waiting', async () => {
  const { deliver, order } = openFrozen({
    changes: () => ({
      record: async () => {
        throw new Error('down');
      },
    }),
  });
  deliver();
  await settle();
  expect(order).toEqual([
    'answer 503 {"error":"the delivery could not be recorded now, please send again later"}',
  ]);
});

/** What a shop records of a body. */
async function recordOf(event: unknown) {
  const shop = openShop({ processing: 'elsewhere' });
  await shop.deliver(event);
  const [taken] = await shop.store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was recorded');
  return taken;
}

test.each(['before-reply', 'background'] as const)(
  '%s: why a delivery was refused has been told before the answer',
  async (processing) => {
    const { deliver, logger } = openShop({ processing });
    const { status } = await deliver(body, { secret: 'whsec_of_somebody_else' });
    expect(status).toBe(401);
    expect(logger.withCode('invalid_signature')).toHaveLength(1);
  },
);
