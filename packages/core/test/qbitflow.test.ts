import { createQBitFlow, memoryStore } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { thrownBy } from './support/rejection-of.js';
import { settle } from './support/settle.js';
import { openShop, withChanges } from './support/shop.js';

test('what cannot work throws at creation', () => {
  const create = () => createQBitFlow({ webhookSecret: 'whsec_a\n' });
  expect(thrownBy(create)).toMatchObject({ code: 'misconfigured' });
});

test('registering chains', () => {
  const { kit } = openShop();
  const fine = () => undefined;
  const same = kit.on('payment.completed', fine).onAny(fine).onUnknown(fine).onError(fine);
  expect(same).toBe(kit);
});

test('the first delivery starts the kit', async () => {
  const { kit, deliver, store } = openShop();
  let runs = 0;
  kit.onAny(() => {
    runs += 1;
  });
  await deliver(fixtures.v2['payment.completed']());
  await settle();
  expect([runs, (await store.stats()).done]).toEqual([1, 1]);
});

test('two kits share nothing', async () => {
  const one = openShop();
  const other = openShop();
  const seen: string[] = [];
  one.kit.onAny(() => seen.push('one'));
  other.kit.onAny(() => seen.push('other'));
  await one.deliver(fixtures.v2['payment.completed']());
  await settle();
  expect(seen).toEqual(['one']);
});

test('close() closes the store once the handlers have ended', async () => {
  const order: string[] = [];
  const store = withChanges(memoryStore(), {
    close: async () => {
      order.push('store');
    },
  });
  const { kit, deliver, close } = openShop({ store });
  kit.onAny(async () => {
    await settle(3);
    order.push('handler');
  });
  await deliver(fixtures.v2['payment.completed']());
  await settle(2);
  await close();
  expect(order).toEqual(['handler', 'store']);
});
