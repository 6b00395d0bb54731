import { memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { gate, never, openMachine } from '../../support/processes.js';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

const subject = payment(1).subject;
const { key: FIRST } = payment(1);

test('what runs finishes, what waits is handed back as if it had not been taken', async () => {
  const { boot, store } = openMachine();
  const { opened, open } = gate();
  await store.record(payment(1, { subject }));
  await store.record(payment(2, { subject }));
  const { kit } = await boot((one) => one.on('payment.completed', async () => opened));
  await settle();
  let closed = false;
  const closing = kit.close().then(() => {
    closed = true;
  });
  await settle();
  expect(closed).toBe(false);
  expect(await store.get(payment(2).key)).toMatchObject({ state: 'due', started: 0 });
  open();
  await closing;
  expect(await store.get(FIRST)).toMatchObject({ state: 'done' });
});

test('after the grace, handlers are aborted and handed back uncounted, without an error', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit, errors, logger } = await boot(
    (one) =>
      one.on(
        'payment.completed',
        async (_event, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('stopped'));
            });
          }),
      ),
    { graceMs: 4_000 },
  );
  await settle();
  const closing = kit.close();
  await clock.advance(3_999);
  expect(await store.get(FIRST)).toMatchObject({ state: 'running' });
  await clock.advance(1);
  await closing;
  expect(await store.get(FIRST)).toMatchObject({ state: 'due', started: 0, finished: 0 });
  expect([errors, logger.withCode('delivery_released')]).toMatchObject([[], [{ level: 'info' }]]);
});

test('handlers that succeeded before the abort stay remembered', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit } = await boot((one) => {
    one.on('payment.completed', () => undefined, { name: 'mail' });
    one.on('payment.completed', async function ship(_event, { signal }) {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      throw new Error('stopped');
    });
  });
  await settle();
  const closing = kit.close();
  await clock.advance(10_000);
  await closing;
  expect(await store.get(FIRST)).toMatchObject({ state: 'due', succeeded: ['mail'] });
});

test('a handler that ignores its signal does not keep close() waiting for ever', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit } = await boot((one) => one.on('payment.completed', never));
  await settle();
  const closing = kit.close();
  await clock.advance(11_000);
  await expect(closing).resolves.toBeUndefined();
});

test('what the store gives while the kit closes is handed back, not left to be suspected', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const { opened, open } = gate();
  const store = withChanges(inner, {
    takeDue: async (options) => {
      const batch = await inner.takeDue(options);
      await opened;
      return batch;
    },
  });
  const shop = openShop({ store, clock });
  let runs = 0;
  shop.kit.on('payment.completed', () => {
    runs += 1;
  });
  await inner.record(payment(1));
  await shop.kit.start();
  await settle();
  const closing = shop.kit.close();
  open();
  await closing;
  expect(await inner.get(FIRST)).toMatchObject({ state: 'due', started: 0 });
  expect(runs).toBe(0);
});

test('a second close() waits for the first', async () => {
  const { boot, store } = openMachine();
  const { opened, open } = gate();
  await store.record(payment(1));
  const { kit } = await boot((one) => one.on('payment.completed', async () => opened));
  await settle();
  const ends: string[] = [];
  const first = kit.close().then(() => ends.push('first'));
  const second = kit.close().then(() => ends.push('second'));
  await settle();
  expect(ends).toEqual([]);
  open();
  await Promise.all([first, second]);
  expect(await store.get(FIRST)).toMatchObject({ state: 'done' });
});

test('after close() nothing is taken, and what arrives waits for the next process', async () => {
  const { boot, clock, store } = openMachine();
  let runs = 0;
  const count = () => {
    runs += 1;
  };
  const { kit } = await boot((one) => one.on('payment.completed', count));
  await kit.close();
  await store.record(payment(1));
  await clock.advance(60_000);
  expect([runs, (await store.get(FIRST))?.state]).toEqual([0, 'due']);
  await boot((one) => one.on('payment.completed', count));
  await settle();
  expect(runs).toBe(1);
});

test('a memory store takes nothing more once its process is shutting down', async () => {
  const { kit, store, deliver } = openShop();
  await kit.start();
  expect((await deliver(fixtures.v2['webhook.test']())).status).toBe(200);
  await kit.close();
  const { status, headers } = await deliver(fixtures.v2['payment.completed']());
  expect([status, headers['retry-after']]).toEqual([503, '10']);
  const { items } = await store.list({ type: 'payment.completed' });
  expect(items).toEqual([]);
});

test('no timer is left behind', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit } = await boot((one) => one.on('payment.completed', () => undefined));
  await settle();
  const closing = kit.close();
  await clock.advance(10_000);
  await closing;
  expect(clock.waiting).toBe(0);
});
