import { memoryStore, RetryLater } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { openShop } from '../../support/shop.js';

const HOUR_MS = 3_600_000;
const { key: KEY } = payment(1);

/** A shop whose warehouse opens `afterMs` from now and asks to be called again each minute until then. */
async function openWarehouse(afterMs: number, delay: () => number = () => 60_000) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const shop = openShop({ clock, store });
  const opensAt = clock.now() + afterMs;
  const attempts: number[] = [];
  shop.kit.on('payment.completed', (_event, { attempt }) => {
    attempts.push(attempt);
    if (clock.now() < opensAt) throw new RetryLater(delay());
  });
  await store.record(payment(1));
  await shop.kit.start();
  return { ...shop, attempts };
}

test('a warehouse that is closed over a long weekend is asked until it is open', async () => {
  const { clock, store, attempts } = await openWarehouse(88 * HOUR_MS, () => 10 * 60_000);
  await clock.advance(89 * HOUR_MS);
  expect(await store.get(KEY)).toMatchObject({ state: 'done', started: 1, finished: 1 });
  expect(attempts.length).toBeGreaterThan(500);
  expect(new Set(attempts)).toEqual(new Set([1]));
});

test('what is put off for longer than giveUpAfterMs is a dead letter that says so; a replay begins anew', async () => {
  const { clock, store } = await openWarehouse(1_000 * HOUR_MS, () => HOUR_MS);
  await clock.advance(7 * 24 * HOUR_MS + 2 * HOUR_MS);
  const dead = await store.get(KEY);
  expect(dead).toMatchObject({ state: 'dead' });
  expect(dead?.lastError).toMatch(/put off for longer than giveUpAfterMs/);
  await store.replay(KEY);
  await clock.advance(24 * HOUR_MS);
  expect(await store.get(KEY)).toMatchObject({ state: 'due' });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'RetryLater(%s) is a failure like any other, and nobody else waits for it',
  async (delay) => {
    const { clock, store, kit } = await openWarehouse(HOUR_MS, () => delay);
    await clock.advance(500);
    expect(await store.get(KEY)).toMatchObject({ state: 'due', started: 1, finished: 1 });
    const others: number[] = [];
    kit.on('refund.requested', (_event, { attempt }) => {
      others.push(attempt);
      if (attempt < 3) throw new Error('later');
    });
    await store.record(payment(2, { type: 'refund.requested', event: undefined, raw: refundBody }));
    await clock.advance(2 * HOUR_MS);
    expect(others).toEqual([1, 2, 3]);
    expect(await store.get(KEY)).toMatchObject({ state: 'done' });
  },
);

const refundBody = Buffer.from(
  JSON.stringify({
    id: 'evt_r',
    type: 'refund.requested',
    version: 'v2',
    data: { uuid: 'refund@1' },
  }),
);

test('a clock that is turned back an hour keeps no fresh work waiting', async () => {
  const clock = fakeClock();
  let backMs = 0;
  const turned = { ...clock, now: () => clock.now() - backMs };
  const store = memoryStore({ clock: turned });
  await store.record(payment(1));
  backMs = HOUR_MS;
  expect(await store.takeDue({ limit: 1, leaseMs: 1_000 })).toHaveLength(1);
});
