import { RetryLater, Unrecoverable, type EventContext } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import { openShop, stateOf } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();
const KEY = `payment.completed:${String(body.data['uuid'])}`;

test('handlers of the type run in the order they were registered, then onAny', async () => {
  const { kit, deliver } = openShop();
  const order: string[] = [];
  kit.onAny(() => order.push('any'));
  kit.on('payment.completed', () => order.push('first'), { name: 'first' });
  kit.on('refund.requested', () => order.push('refund'));
  kit.on('payment.completed', () => order.push('second'), { name: 'second' });
  await deliver(body);
  await settle();
  expect(order).toEqual(['first', 'second', 'any']);
});

test('only the handler that failed is run again', async () => {
  const { kit, deliver, clock, store } = openShop();
  const order: string[] = [];
  kit.on('payment.completed', () => order.push('a'), { name: 'a' });
  kit.on('payment.completed', function b(_event, { attempt }) {
    order.push(`b${attempt}`);
    if (attempt < 3) throw new Error('not yet');
  });
  kit.on('payment.completed', () => order.push('c'), { name: 'c' });
  await deliver(body);
  await clock.advance(10_000);
  expect(order).toEqual(['a', 'b1', 'c', 'b2', 'b3']);
  expect(await store.get(KEY)).toMatchObject({ state: 'done', started: 3, finished: 3 });
});

test('attempts wait longer and longer, up to the ceiling', async () => {
  const shop = openShop({ handlers: { maxBackoffMs: 4_000, pollIntervalMs: 1 } });
  const { kit, clock } = shop;
  const at: number[] = [];
  const start = clock.now();
  kit.on('payment.completed', () => {
    at.push(clock.now() - start);
    throw new Error('no');
  });
  await shop.deliver(body);
  await clock.advance(12_000);
  expect(at).toEqual([0, 1_000, 3_000, 7_000, 11_000]);
});

test('after maxAttempts it is a dead letter, and replay gives it as many again', async () => {
  const { kit, deliver, clock, store } = openShop({ handlers: { maxAttempts: 3 } });
  let runs = 0;
  kit.on(
    'payment.completed',
    () => {
      runs += 1;
      throw new Error('no');
    },
    { name: 'fulfil' },
  );
  await deliver(body);
  await clock.advance(60_000);
  expect(runs).toBe(3);
  expect(await store.get(KEY)).toMatchObject({ state: 'dead', lastError: 'fulfil: no' });
  await store.replay(KEY);
  await clock.advance(60_000);
  expect(runs).toBe(6);
});

test('replay does not run handlers that had succeeded', async () => {
  const { kit, deliver, clock, store } = openShop({ handlers: { maxAttempts: 1 } });
  const order: string[] = [];
  let broken = true;
  kit.on('payment.completed', () => order.push('mail'), { name: 'mail' });
  kit.on('payment.completed', function ship() {
    order.push('ship');
    if (broken) throw new Error('no');
  });
  await deliver(body);
  expect(await stateOf(store, KEY)).toBe('dead');
  broken = false;
  await store.replay(KEY);
  await clock.advance(1_000);
  expect(order).toEqual(['mail', 'ship', 'ship']);
  expect(await stateOf(store, KEY)).toBe('done');
});

test('RetryLater is called again when it asked to be, Unrecoverable never', async () => {
  const { kit, deliver, clock, store } = openShop();
  let runs = 0;
  kit.on('payment.completed', () => {
    runs += 1;
    if (runs === 1) throw new RetryLater(60_000);
    throw new Unrecoverable('sold out');
  });
  await deliver(body);
  await clock.advance(59_000);
  expect(runs).toBe(1);
  await clock.advance(1_000);
  expect(runs).toBe(2);
  expect(await store.get(KEY)).toMatchObject({ state: 'dead', started: 1 });
});

test('a hanging handler counts as failed after timeoutMs and is tried again', async () => {
  const { kit, deliver, clock, store, errors } = openShop({ handlers: { timeoutMs: 5_000 } });
  let runs = 0;
  kit.on('payment.completed', async () => {
    runs += 1;
    if (runs === 1) await new Promise(() => undefined);
  });
  await deliver(body);
  await clock.advance(10_000);
  expect([runs, await stateOf(store, KEY)]).toEqual([2, 'done']);
  expect(errors).toMatchObject([{ error: { code: 'handler_timeout' } }]);
});

test('onError is told which handler failed at what, in which attempt', async () => {
  const { kit, deliver, errors } = openShop();
  kit.on(
    'payment.completed',
    () => {
      throw new Error('no');
    },
    { name: 'fulfil' },
  );
  await deliver(body);
  await settle();
  expect(errors).toMatchObject([
    {
      error: { message: 'no' },
      facts: {
        stage: 'handle',
        key: KEY,
        handler: 'fulfil',
        attempt: 1,
        event: { type: 'payment.completed' },
      },
    },
  ]);
});

test('a handler is told attempt, time, source and a live signal', async () => {
  const { kit, deliver, clock } = openShop();
  const contexts: EventContext[] = [];
  kit.on('payment.completed', (_event, context) => contexts.push(context));
  const receivedAt = clock.now();
  await deliver(body);
  await settle();
  expect(contexts).toMatchObject([{ attempt: 1, receivedAt, source: 'webhook' }]);
  expect(contexts[0]?.signal.aborted).toBe(false);
});

test('completeWithin says that a memory store has no transactions', async () => {
  const { kit, deliver, errors } = openShop();
  kit.on('payment.completed', async (_event, context) => context.completeWithin({}));
  await deliver(body);
  await settle();
  expect(errors).toMatchObject([{ error: { code: 'misconfigured' } }]);
  expect(errors[0]?.error.message).toContain('memory store has no transactions');
});

test('an event is read again from its bytes where the store does not hand it over', async () => {
  const shop = openShop();
  const { kit, deliver, store } = openShop({
    store: {
      ...shop.store,
      takeDue: async (options) =>
        (await shop.store.takeDue(options)).map(({ event: _event, ...taken }) => taken),
    },
  });
  const references: unknown[] = [];
  kit.on('payment.completed', (event) => references.push(event.data.reference));
  await deliver(body);
  expect(await stateOf(store, KEY)).toBe('done');
  expect(references).toEqual(['order-1042']);
});
