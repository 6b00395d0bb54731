import { memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { gate } from '../support/processes.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

test('a delivery that this process has taken and not yet heard of is waited for', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const { opened: heard, open: hear } = gate();
  const store = withChanges(inner, {
    record: async (delivery) => inner.record(delivery),
    // On a server the delivery is running from the commit on; the worker hears of it a moment later.
    async takeDue(options) {
      const taken = await inner.takeDue(options);
      if (taken.length > 0) await heard;
      return taken;
    },
  });
  const { kit, deliver } = openShop({ clock, store, processing: 'before-reply' });
  const order: string[] = [];
  kit.on('payment.completed', () => {
    order.push('handler');
  });
  void deliver(fixtures.v2['payment.completed']()).then(({ status }) => order.push(`${status}`));
  await clock.advance(1_000);
  expect(order).toEqual([]);
  hear();
  await settle();
  expect(order).toEqual(['handler', '200']);
});
