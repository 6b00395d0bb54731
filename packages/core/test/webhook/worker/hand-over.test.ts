import { memoryStore, type DurableStore, type QBitFlowOptions } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment, paymentId } from '../../support/deliveries.js';
import { gate, never } from '../../support/processes.js';
import { settle } from '../../support/settle.js';
import { openShop, stateOf, withChanges } from '../../support/shop.js';

interface Call {
  readonly key: string;
  readonly leaseMs: number | undefined;
}

/** A shop on a store that tells what was recorded with a lease, and what was fetched. */
async function openWatched(
  options: Omit<QBitFlowOptions, 'clock' | 'store'> = {},
  changes: (inner: DurableStore) => Partial<DurableStore> = () => ({}),
) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const changed = withChanges(inner, changes(inner));
  const recorded: Call[] = [];
  const fetched: string[] = [];
  const store = withChanges(changed, {
    async record(delivery, recordOptions) {
      recorded.push({ key: delivery.key, leaseMs: recordOptions?.leaseMs });
      return changed.record(delivery, recordOptions);
    },
    async takeDue(takeOptions) {
      const taken = await changed.takeDue(takeOptions);
      fetched.push(...taken.map(({ key }) => key));
      return taken;
    },
  });
  const shop = openShop({ clock, store, ...options });
  const deliverPayment = async (number: number, subject = number) =>
    shop.deliver(
      fixtures.v2['payment.completed']({
        id: `evt_${number}`,
        data: { uuid: paymentId(subject) },
      }),
      { id: `evt_${number}` },
    );
  return { ...shop, inner, recorded, fetched, deliverPayment };
}

test('a delivery is taken as it is recorded, and nobody fetches it from the store', async () => {
  const { kit, deliverPayment, inner, recorded, fetched } = await openWatched();
  const seen: number[] = [];
  kit.on('payment.completed', (_event, { attempt }) => seen.push(attempt));
  await kit.start();
  await settle();
  for (const number of [1, 2, 3]) await deliverPayment(number);
  await settle();
  expect(recorded.map(({ leaseMs }) => leaseMs)).toEqual([30_000, 30_000, 30_000]);
  expect([seen, fetched]).toEqual([[1, 1, 1], []]);
  expect(await inner.get(payment(3).key)).toMatchObject({ state: 'done', started: 1, finished: 1 });
});

test('a store, or a wrapper around one, that leaves it due works as before', async () => {
  const { kit, deliverPayment, inner, fetched } = await openWatched({}, (store) => ({
    record: async (delivery) => store.record(delivery),
  }));
  kit.on('payment.completed', () => undefined);
  await kit.start();
  await settle();
  for (const number of [1, 2, 3]) await deliverPayment(number);
  await settle();
  expect(fetched).toEqual([1, 2, 3].map((number) => payment(number).key));
  expect((await inner.stats()).done).toBe(3);
});

test('what no handler of this process wants is left due', async () => {
  const { kit, deliverPayment, recorded } = await openWatched();
  kit.on('refund.completed', () => undefined);
  await kit.start();
  await settle();
  await deliverPayment(1);
  expect(recorded).toEqual([{ key: payment(1).key, leaseMs: undefined }]);
});

test('so is everything where another process runs the handlers, and before this one runs any', async () => {
  const elsewhere = await openWatched({ processing: 'elsewhere' });
  elsewhere.kit.on('payment.completed', () => undefined);
  await elsewhere.kit.start();
  await elsewhere.deliverPayment(1);
  expect(elsewhere.recorded).toEqual([{ key: payment(1).key, leaseMs: undefined }]);
});

test('nothing newer is taken while something older may be due', async () => {
  const asked = gate();
  const { kit, deliverPayment, inner, recorded } = await openWatched({}, (store) => ({
    async takeDue(options) {
      await asked.opened;
      return store.takeDue(options);
    },
  }));
  const seen: string[] = [];
  kit.on('payment.completed', ({ key }) => seen.push(key));
  await inner.record(payment(1));
  await kit.start();
  await deliverPayment(2);
  asked.open();
  await settle();
  expect(recorded).toEqual([{ key: payment(2).key, leaseMs: undefined }]);
  expect(seen).toEqual([payment(1).key, payment(2).key]);
});

test('what comes while its subject is at work is left due, and no later one overtakes it', async () => {
  const shop = await openWatched();
  const { kit, inner, recorded } = shop;
  const { opened, open } = gate();
  const seen: string[] = [];
  kit.onAny(async ({ id }) => {
    seen.push(id);
    if (id === 'evt_1') await opened;
  });
  await kit.start();
  await settle();
  const update = (id: string) =>
    fixtures.v2['subscription.statusChanged']({
      id,
      data: { uuid: `sub@${paymentId(1).slice(4)}` },
    });
  await shop.deliver(update('evt_1'), { id: 'evt_1' });
  await settle();
  await shop.deliver(update('evt_2'), { id: 'evt_2' });
  await settle();
  open();
  // In the very turn in which the first one ends.
  await shop.deliver(update('evt_3'), { id: 'evt_3' });
  await settle();
  expect(seen).toEqual(['evt_1', 'evt_2', 'evt_3']);
  expect(recorded.map(({ leaseMs }) => leaseMs)).toEqual([30_000, undefined, undefined]);
  expect((await inner.stats()).done).toBe(3);
});

test('slow handlers hold no more than run at once: the rest stays due for other processes', async () => {
  const { kit, deliverPayment, inner } = await openWatched({ handlers: { concurrency: 2 } });
  kit.on('payment.completed', never);
  await kit.start();
  await settle();
  for (const number of [1, 2, 3, 4]) await deliverPayment(number);
  await settle();
  expect(await inner.stats()).toMatchObject({ running: 2, due: 2 });
});

test('fast handlers have more at hand, and give it back when they become slow', async () => {
  const shop = await openWatched({ handlers: { concurrency: 2 } });
  const { kit, deliverPayment, inner, clock } = shop;
  let isSlow = false;
  kit.on('payment.completed', async () => {
    if (isSlow) await never();
  });
  await kit.start();
  await settle();
  for (let number = 1; number <= 200; number += 1) {
    await deliverPayment(number);
    await settle(2);
  }
  expect((await inner.stats()).done).toBe(200);
  isSlow = true;
  for (let number = 201; number <= 220; number += 1) await deliverPayment(number);
  await settle();
  expect((await inner.stats()).running).toBe(20);
  await clock.advance(10_500);
  expect(await inner.stats()).toMatchObject({ running: 2, due: 18 });
  expect(await inner.get(payment(220).key)).toMatchObject({ started: 0, finished: 0 });
});

test('the next handler starts while an outcome is being written, but none of the same subject', async () => {
  const written = gate();
  const { kit, inner } = await openWatched({ handlers: { concurrency: 1 } }, (store) => ({
    async complete(claim, progress) {
      if (claim.key === payment(1).key) await written.opened;
      return store.complete(claim, progress);
    },
  }));
  const seen: string[] = [];
  kit.on('payment.completed', async ({ key }) => {
    seen.push(key);
    if (key === payment(2).key) await never();
  });
  await inner.record(payment(1));
  await kit.start();
  await settle();
  expect(seen).toEqual([payment(1).key]);
  expect(await inner.get(payment(1).key)).toMatchObject({ state: 'running' });
  written.open();
  expect(await stateOf(inner, payment(1).key)).toBe('done');
});

test('a record that ends after close() is handed back as if it had not been taken', async () => {
  const arrived = gate();
  const shop = await openWatched({}, (store) => ({
    async record(delivery, options) {
      await arrived.opened;
      return store.record(delivery, options);
    },
  }));
  const { kit, inner, deliverPayment, recorded } = shop;
  const seen: string[] = [];
  kit.on('payment.completed', ({ key }) => seen.push(key));
  await kit.start();
  await settle();
  const answer = deliverPayment(1);
  await settle();
  const closing = kit.close();
  await settle();
  arrived.open();
  expect((await answer).status).toBe(200);
  await closing;
  expect([recorded.length, recorded[0]?.leaseMs, seen]).toEqual([1, 30_000, []]);
  expect(await inner.get(payment(1).key)).toMatchObject({ state: 'due', started: 0, finished: 0 });
});

test('records that fail hold no room and no subject', async () => {
  let isAway = true;
  const shop = await openWatched({ handlers: { concurrency: 1 } }, (store) => ({
    async record(delivery, options) {
      if (isAway) throw new Error('ECONNREFUSED');
      return store.record(delivery, options);
    },
  }));
  const { kit, deliverPayment, inner, recorded } = shop;
  kit.on('payment.completed', () => undefined);
  await kit.start();
  await settle();
  for (const number of [1, 2, 3]) expect((await deliverPayment(number)).status).toBe(503);
  isAway = false;
  await deliverPayment(1);
  expect(await stateOf(inner, payment(1).key)).toBe('done');
  expect(recorded.at(-1)).toEqual({ key: payment(1).key, leaseMs: 30_000 });
});

test('while a recovered run may still kill its process nothing is taken beside it', async () => {
  const { kit, clock, inner, deliverPayment, recorded } = await openWatched();
  await inner.record(payment(1));
  await inner.takeDue({ limit: 1, leaseMs: 1_000 });
  await clock.advance(2_000);
  kit.on('payment.completed', async ({ key }) => {
    if (key === payment(1).key) await never();
  });
  await kit.start();
  await settle();
  await deliverPayment(2);
  await settle();
  expect(recorded).toEqual([{ key: payment(2).key, leaseMs: undefined }]);
  expect((await inner.get(payment(2).key))?.state).toBe('due');
  await clock.advance(3_000);
  expect((await inner.get(payment(2).key))?.state).toBe('done');
});

test('the lease of what waits for its turn is renewed', async () => {
  const { kit, clock, inner, deliverPayment } = await openWatched({ handlers: { concurrency: 1 } });
  const { opened, open } = gate();
  const seen: string[] = [];
  kit.on('payment.completed', async ({ key }) => {
    seen.push(key);
    if (key === payment(100).key) await opened;
  });
  await kit.start();
  await settle();
  for (let number = 1; number <= 60; number += 1) {
    await deliverPayment(number);
    await settle(2);
  }
  seen.length = 0;
  await deliverPayment(100);
  await deliverPayment(101);
  await clock.advance(9_000);
  expect(await inner.stats()).toMatchObject({ running: 2 });
  open();
  await settle();
  expect(seen).toEqual([payment(100).key, payment(101).key]);
});

test('an answer goes before its handler even where another handler ends in that very moment', async () => {
  const { kit, deliverPayment } = await openWatched({ handlers: { concurrency: 1 } });
  const { opened, open } = gate();
  const order: string[] = [];
  kit.on('payment.completed', async ({ key }) => {
    order.push(`handler ${key}`);
    if (key === payment(50).key) await opened;
  });
  await kit.start();
  await settle();
  for (let number = 1; number <= 40; number += 1) {
    await deliverPayment(number);
    await settle(2);
  }
  order.length = 0;
  await deliverPayment(50);
  await settle();
  const answer = deliverPayment(51).then(() => order.push('answer'));
  open();
  await answer;
  await settle();
  expect(order).toEqual([`handler ${payment(50).key}`, 'answer', `handler ${payment(51).key}`]);
});
