import { memoryStore, RetryLater, type ClaimOutcome, type DurableStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

const { key: KEY } = payment(1);
const START = 1_790_856_000_000;

function openNamed(options: Parameters<typeof openShop>[0] = {}) {
  return openShop({ holder: 'web-1:4711', ...options });
}

async function attemptsOf(store: DurableStore) {
  return (await store.get(KEY))?.attempts;
}

test('a first attempt that succeeds: when, where, and how long each handler took', async () => {
  const { kit, store, clock } = openNamed();
  const wait = async (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  kit.on('payment.completed', async () => wait(20), { name: 'mail' });
  kit.on('payment.completed', async () => wait(5), { name: 'ship' });
  await store.record(payment(1));
  await kit.start();
  await clock.advance(100);
  expect(await attemptsOf(store)).toEqual([
    {
      number: 1,
      startedAt: START,
      durationMs: 25,
      outcome: 'done',
      holder: 'web-1:4711',
      handlers: [
        { handler: 'mail', durationMs: 20 },
        { handler: 'ship', durationMs: 5 },
      ],
    },
  ]);
});

test('failed attempts have the error and the stack, each retry only the handlers that were left', async () => {
  const { kit, store, clock } = openNamed({ handlers: { maxAttempts: 2 } });
  kit.on('payment.completed', () => undefined, { name: 'mail' });
  kit.on(
    'payment.completed',
    () => {
      throw new Error('sold out');
    },
    { name: 'ship' },
  );
  await store.record(payment(1));
  await kit.start();
  await clock.advance(10_000);
  const failed = {
    handler: 'ship',
    error: 'sold out',
    stack: expect.stringMatching(/^Error: sold out\n.*attempts\.test/),
  };
  expect(await attemptsOf(store)).toMatchObject([
    { number: 1, outcome: 'retried', handlers: [{ handler: 'mail' }, failed] },
    { number: 2, outcome: 'dead', handlers: [failed] },
  ]);
});

test('texts without end and of any characters are kept as every store can', async () => {
  const { kit, store } = openNamed({ handlers: { maxAttempts: 1 } });
  const names = Array.from({ length: 20 }, (_, index) => `h${index}`);
  for (const name of names)
    kit.on(
      'payment.completed',
      () => {
        throw new Error(`\0\ud800${'x'.repeat(1_000_000)}`);
      },
      { name },
    );
  await store.record(payment(1));
  await kit.start();
  await settle();
  const [attempt] = (await attemptsOf(store)) ?? [];
  expect(attempt?.handlers).toHaveLength(16);
  expect(JSON.stringify(attempt).length).toBeLessThan(16_000);
  expect(attempt?.handlers[0]?.error).toMatch(/^\uFFFD\uFFFDx{497}…$/);
});

test('put off is an attempt that was retried, and the dead letter of an unreadable one has no handlers', async () => {
  const { kit, store } = openNamed();
  kit.on('payment.completed', () => {
    throw new RetryLater(60_000);
  });
  await store.record(payment(1));
  await store.record(payment(2, { raw: Buffer.from('<xml/>') }));
  await kit.start();
  await settle();
  expect(await attemptsOf(store)).toMatchObject([{ number: 1, outcome: 'retried' }]);
  const unreadable = await store.get(payment(2).key);
  expect(unreadable?.attempts).toMatchObject([{ number: 1, outcome: 'dead', handlers: [] }]);
});

test('an attempt that a shutdown ends was released; what was only claimed tells of none', async () => {
  const { kit, store, close } = openNamed({ handlers: { concurrency: 1, graceMs: 10 } });
  kit.on('payment.completed', async (_event, { signal }) => {
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    });
  });
  await store.record(payment(1));
  await store.record(payment(2));
  await kit.start();
  await settle();
  await close();
  expect(await attemptsOf(store)).toMatchObject([{ number: 1, outcome: 'released' }]);
  expect((await store.get(payment(2).key))?.attempts).toEqual([]);
});

test('a handler that completes in its own transaction tells of the attempt there', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const store = withChanges(inner, {
    completeWithin: async (_tx, claim, { done, ...progress }): Promise<ClaimOutcome> =>
      done ? inner.complete(claim, progress) : 'ok',
  });
  const { kit } = openNamed({ clock, store });
  kit.on('payment.completed', () => undefined, { name: 'mail' });
  kit.on(
    'payment.completed',
    async (_event, context) => {
      await new Promise<void>((resolve) => clock.after(30, resolve));
      await context.completeWithin('tx');
    },
    { name: 'ship' },
  );
  await store.record(payment(1));
  await kit.start();
  await clock.advance(100);
  expect(await attemptsOf(store)).toMatchObject([
    {
      number: 1,
      outcome: 'done',
      durationMs: 30,
      handlers: [
        { handler: 'mail', durationMs: 0 },
        { handler: 'ship', durationMs: 30 },
      ],
    },
  ]);
});

const OF_THIS_PROCESS = new RegExp(`^[!-~]+:${process.pid}$`);

test.each([
  ['web-1', /^web-1$/],
  [undefined, OF_THIS_PROCESS],
])('who holds a delivery is told: %s', async (holder, expected) => {
  const { kit, store, deliver } = openShop({ holder });
  kit.on('payment.completed', async () => new Promise(() => undefined));
  await store.record(payment(1));
  await kit.start();
  await settle();
  await deliver(fixtures.v2['payment.completed']());
  await settle();
  const { items } = await store.list({ state: 'running' });
  expect(items.map((item) => item.holder)).toEqual([
    expect.stringMatching(expected),
    expect.stringMatching(expected),
  ]);
});

test('a store from before there were references is given none, not even an empty one', async () => {
  const given: object[] = [];
  const { deliver } = openShop({ processing: 'elsewhere', store: earlierStore(given) });
  const answer = await deliver(
    fixtures.v2['payment.completed']({ data: { reference: 'order 42' } }),
  );
  expect(answer.status).toBe(200);
  expect(given).toHaveLength(1);
  expect(given[0]).not.toHaveProperty('reference');
});

/** It has no notes, and would make a column of everything it is given. */
function earlierStore(given: object[]): DurableStore {
  const inner = memoryStore();
  const store = withChanges(inner, {
    record: async (delivery, options) => {
      given.push(delivery);
      return inner.record(delivery, options);
    },
  });
  Reflect.deleteProperty(store, 'putNote');
  Reflect.deleteProperty(store, 'notes');
  return store;
}

test.each([
  ['order 42', 'order 42'],
  ['', undefined],
  ['x'.repeat(256), 'x'.repeat(256)],
  ['x'.repeat(257), undefined],
  ['nul\0', undefined],
  // Reading it has mended it already.
  ['half \ud83d', 'half \ufffd'],
  ['whole \u{1f600}', 'whole \u{1f600}'],
  [null, undefined],
])(
  'the reference of an event is recorded where every store can keep it: %j',
  async (reference, kept) => {
    const { store, deliver } = openShop({ processing: 'elsewhere' });
    await deliver(fixtures.v2['payment.completed']({ data: { reference } }));
    const [item] = (await store.list({})).items;
    expect(item?.reference).toBe(kept);
    const found = kept === undefined ? [] : (await store.list({ reference: kept })).items;
    expect(found).toHaveLength(kept === undefined ? 0 : 1);
  },
);
