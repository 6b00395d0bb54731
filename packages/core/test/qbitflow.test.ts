import { createQBitFlow, memoryStore } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { gate } from './support/processes.js';
import { thrownBy } from './support/rejection-of.js';
import { settle } from './support/settle.js';
import { openShop, withChanges } from './support/shop.js';

test('what cannot work throws at creation', () => {
  const create = () => createQBitFlow({ logger: false, webhookSecret: 'whsec_a\n' });
  expect(thrownBy(create)).toMatchObject({ code: 'misconfigured' });
});

test('registering chains', () => {
  const { kit } = openShop();
  const fine = () => undefined;
  const any = { name: 'any' };
  const same = kit.on('payment.completed', fine).onAny(fine, any).onUnknown(fine).onError(fine);
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

test('close() twice closes the store once, and both wait for it', async () => {
  let closed = 0;
  const store = withChanges(memoryStore(), {
    close: async () => {
      await settle(3);
      closed += 1;
    },
  });
  const { kit } = openShop({ store });
  await kit.start();
  await Promise.all([kit.close(), kit.close()]);
  await kit.close();
  expect(closed).toBe(1);
});

test('nothing is recorded before the store is prepared, and then everything is', async () => {
  const order: string[] = [];
  const inner = memoryStore();
  const { opened, open } = gate();
  const store = withChanges(inner, {
    init: async () => {
      order.push('init');
      await opened;
      order.push('prepared');
    },
    record: async (delivery) => {
      order.push('record');
      return inner.record(delivery);
    },
  });
  const { deliver } = openShop({ store, processing: 'elsewhere' });
  const answers = [
    deliver(fixtures.v2['payment.completed']()),
    deliver(fixtures.v2['webhook.test']()),
  ];
  await settle();
  expect(order).toEqual(['init']);
  open();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  expect(order).toEqual(['init', 'prepared', 'record', 'record']);
});

test('a store that is not prepared in time is a 503, and the delivery is taken when it is', async () => {
  const { opened, open } = gate();
  const store = withChanges(memoryStore(), { init: async () => opened });
  const { clock, deliver, errors } = openShop({ store, processing: 'elsewhere' });
  const answer = deliver(fixtures.v2['payment.completed']());
  await clock.advance(5_000);
  expect((await answer).status).toBe(503);
  await settle();
  expect(errors).toMatchObject([{ error: { code: 'store_unavailable' } }]);
  open();
  expect((await deliver(fixtures.v2['payment.completed']())).status).toBe(200);
});

test('a kit that is closed while its store is prepared takes no work', async () => {
  const inner = memoryStore();
  const { opened, open } = gate();
  let taken = 0;
  const store = withChanges(inner, {
    init: async () => opened,
    takeDue: async (options) => {
      taken += 1;
      return inner.takeDue(options);
    },
  });
  const { kit } = openShop({ store });
  const starting = kit.start();
  await kit.close();
  open();
  await starting;
  await settle();
  expect(taken).toBe(0);
});

test('a process that only records leaves the handlers to another', async () => {
  const { kit, deliver, store } = openShop({ processing: 'elsewhere' });
  let runs = 0;
  kit.onAny(() => {
    runs += 1;
  });
  await deliver(fixtures.v2['payment.completed']());
  await settle();
  expect([runs, (await store.stats()).due]).toEqual([0, 1]);
});

test('the names that the HTTP methods had before still work', () => {
  const { kit } = openShop();
  const renamed = [
    ['receive', 'handleWebhook'],
    ['confirmReturn', 'handleReturn'],
    ['answerCheckout', 'handleCheckout'],
    ['answerStatus', 'handleStatus'],
  ] as const;
  const alike = renamed.filter(([before, now]) => kit[before] === kit[now]);
  expect(alike).toEqual(renamed);
});
