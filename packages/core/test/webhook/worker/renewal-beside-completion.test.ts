import { memoryStore, type DurableStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { gate } from '../../support/processes.js';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

// A renewal and a completion can be on their way at once: in one group commit, or on two connections. The store then
// says `lost` to the renewal, perhaps before the worker has heard that it was its own completion that went through.

/** A shop whose store answers `changes`, with one delivery due and renewals every 10 s. */
async function openShopWith(changes: (inner: DurableStore) => Partial<DurableStore>) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const shop = openShop({ clock, store: withChanges(inner, changes(inner)) });
  await inner.record(payment(1));
  return shop;
}

test('a renewal that its own completion overtook is no lost lease', async () => {
  const { opened: answered, open: answer } = gate();
  const { kit, clock, logger } = await openShopWith((inner) => ({
    async complete(claim, progress) {
      const outcome = await inner.complete(claim, progress);
      await answered;
      return outcome;
    },
  }));
  kit.on('payment.completed', () => undefined);
  await kit.start();
  await clock.advance(12_000);
  answer();
  await settle();
  expect(logger.withCode('lease_lost')).toEqual([]);
  expect(logger.withCode('delivery_completed')).toHaveLength(1);
});

test("a renewal that the handler's own transaction overtook does not abort the handler", async () => {
  const { opened: committed, open: commit } = gate();
  const { kit, clock, logger } = await openShopWith((inner) => ({
    completeWithin: async (_tx, claim, { succeeded }) => inner.complete(claim, { succeeded }),
  }));
  let aborted: boolean | undefined;
  kit.on('payment.completed', async (_event, context) => {
    await context.completeWithin({});
    await committed;
    ({ aborted } = context.signal);
  });
  await kit.start();
  await clock.advance(12_000);
  commit();
  await settle();
  expect(aborted).toBe(false);
  expect(logger.withCode('lease_lost')).toEqual([]);
  expect(logger.withCode('delivery_completed')).toHaveLength(1);
});

test('while a handler still runs, a lost lease is noted and aborts it', async () => {
  const { kit, clock, logger } = await openShopWith(() => ({ extend: async () => 'lost' }));
  const { opened, open } = gate();
  let aborted: boolean | undefined;
  kit.on('payment.completed', async (_event, { signal }) => {
    await opened;
    ({ aborted } = signal);
  });
  await kit.start();
  await clock.advance(12_000);
  open();
  await settle();
  expect(aborted).toBe(true);
  expect(logger.withCode('lease_lost').length).toBeGreaterThan(0);
});
