import { memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

const body = fixtures.v2['payment.completed']();

test('a store that gives no work is asked again after longer and longer pauses, woken or not', async () => {
  let asked = 0;
  const store = withChanges(memoryStore(), {
    takeDue: async () => {
      asked += 1;
      throw new Error('down');
    },
  });
  const shop = openShop({ store });
  shop.kit.onAny(() => undefined);
  await shop.kit.start();
  await settle();
  expect(asked).toBe(1);
  for (let number = 0; number < 50; number += 1) await shop.deliver(body);
  await settle();
  expect(asked).toBe(1);
  await shop.clock.advance(600);
  expect(asked).toBe(2);
  await shop.clock.advance(1_099);
  expect(asked).toBe(2);
  await shop.clock.advance(1);
  expect(asked).toBe(3);
  await shop.clock.advance(3_600_000);
  expect(asked).toBeLessThan(140);
  expect(shop.logger.withCode('take_failed')[0]).toMatchObject({
    level: 'error',
    facts: { pauseMs: 600, err: { message: 'down' } },
  });
});

test('work goes on when the store is back', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  let down = true;
  const store = withChanges(inner, {
    takeDue: async (options) => {
      if (down) throw new Error('down');
      return inner.takeDue(options);
    },
  });
  const shop = openShop({ store, clock });
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  await shop.kit.handleWebhook({ method: 'GET', url: '/', headers: {} });
  await settle();
  down = false;
  const { deliver } = shop;
  await deliver(body);
  await clock.advance(1_000);
  await settle();
  expect(runs).toBe(1);
});

test('a store that is down at start is reported, and tried again with the next delivery, with failFast too', async () => {
  let inits = 0;
  const store = withChanges(memoryStore(), {
    init: async () => {
      inits += 1;
      if (inits === 1) throw new Error('down');
    },
  });
  const shop = openShop({ store, failFast: true });
  await expect(shop.kit.start()).rejects.toThrow('down');
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  expect((await shop.deliver(body)).status).toBe(200);
  await settle();
  expect([inits, runs]).toEqual([2, 1]);
  expect(shop.errors).toMatchObject([{ facts: { stage: 'store' }, error: { message: 'down' } }]);
});

test('a completion is written again while the store is away, and the handler runs once', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  let failures = 3;
  const store = withChanges(inner, {
    complete: async (claim, progress) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('away');
      }
      return inner.complete(claim, progress);
    },
  });
  const shop = openShop({ store, clock });
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  await shop.deliver(body);
  await clock.advance(5_000);
  expect([runs, (await inner.stats()).done]).toEqual([1, 1]);
});
