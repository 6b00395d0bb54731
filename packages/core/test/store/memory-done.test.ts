import { type DurableStore, memoryStore, type MemoryStoreOptions } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import type { NewDelivery } from '../../src/store/durable-store.js';
import { payment } from '../support/deliveries.js';

// What is done, and has nothing to it that operators search for, is kept as bytes. Nobody can tell.

const HOLDER = 'web-1:4711';

function make(options: MemoryStoreOptions = {}) {
  const clock = fakeClock();
  return { clock, store: memoryStore({ clock, ...options }) };
}

const attemptBy = (...names: string[]) => ({
  number: 1,
  startedAt: 1_700_000_000_123,
  durationMs: 17,
  outcome: 'done' as const,
  holder: HOLDER,
  handlers: names.map((handler, at) => ({ handler, durationMs: at + 3 })),
});

/** Records a delivery and has these handlers complete it. */
async function done(store: DurableStore, delivery: NewDelivery, ...names: string[]) {
  const outcome = await store.record(delivery, { leaseMs: 1_000, holder: HOLDER });
  const token = outcome.status === 'recorded' ? outcome.taken?.token : undefined;
  if (token === undefined) throw new Error('it was not taken');
  const claim = { key: delivery.key, token };
  expect(await store.complete(claim, { succeeded: names, attempt: attemptBy(...names) })).toBe(
    'ok',
  );
}

const odd: Partial<NewDelivery> = {
  reference: 'Bestellung 🍵 №7\n— „grün“',
  headers: { 'qbitflow-signature': `t=1,v1=${'a'.repeat(64)}`, 'x-odd': 'é\u0001' },
};

test('every field of it is told as it was', async () => {
  const { clock, store } = make();
  const delivery = payment(1, odd);
  await done(store, delivery, 'ship', 'schreibe 🧾');
  const at = clock.now();
  await clock.advance(5_000);
  expect(await store.get(delivery.key)).toEqual({
    ...delivery,
    state: 'done',
    started: 1,
    finished: 1,
    succeeded: ['ship', 'schreibe 🧾'],
    recordedAt: at,
    at,
    duplicates: 0,
    attempts: [attemptBy('ship', 'schreibe 🧾')],
  });
});

test('it is known when it comes again, and that is counted', async () => {
  const { store } = make();
  await done(store, payment(1), 'ship');
  const again = [await store.record(payment(1)), await store.record(payment(1))];
  for (const outcome of again) expect(outcome).toEqual({ status: 'duplicate', state: 'done' });
  expect(await store.get(payment(1).key)).toMatchObject({ duplicates: 2 });
});

test('what is told is a copy: changing it changes nothing', async () => {
  const { store } = make();
  await done(store, payment(1), 'ship');
  (await store.get(payment(1).key))?.raw.fill(0);
  expect((await store.get(payment(1).key))?.raw).toEqual(payment(1).raw);
});

test('it is replayed with its body and its headers, done again, and replayed once more', async () => {
  const { store } = make();
  await done(store, payment(1, odd), 'ship');
  await done(store, payment(2), 'ship');
  for (const round of [1, 2]) {
    expect(await store.replay(payment(1).key)).toBe(true);
    expect(await store.stats()).toMatchObject({ due: 1, done: 1 });
    const [taken] = await store.takeDue({ limit: 9, leaseMs: 1_000, holder: HOLDER });
    if (taken === undefined) throw new Error(`nothing was due in round ${round}`);
    const { raw, headers } = payment(1, odd);
    expect(taken).toMatchObject({ raw, headers, started: 1, finished: 0, succeeded: [] });
    const attempt = attemptBy('ship');
    expect(await store.complete(taken, { succeeded: ['ship'], attempt })).toBe('ok');
    expect(await store.stats()).toMatchObject({ due: 0, running: 0, done: 2 });
    expect((await store.get(payment(1).key))?.attempts).toHaveLength(round + 1);
  }
});

test('it is found by each word, among those that are done otherwise', async () => {
  const { clock, store } = make();
  await done(store, payment(1, { reference: 'a' }), 'ship');
  await clock.advance(1_000);
  await done(store, payment(2, { reference: 'b', type: 'refund.completed' }), 'ship');
  await store.record(payment(3, { reference: 'a', unhandled: 'test money' }));
  await clock.advance(1_000);
  await done(store, payment(4, { reference: 'a' }), 'ship');
  const keys = async (filter: Parameters<DurableStore['list']>[0]) =>
    (await store.list(filter)).items.map(({ id }) => id);
  expect(await keys({ state: 'done' })).toEqual(['evt_4', 'evt_3', 'evt_2', 'evt_1']);
  expect(await keys({ reference: 'a' })).toEqual(['evt_4', 'evt_3', 'evt_1']);
  expect(await keys({ type: 'refund.completed' })).toEqual(['evt_2']);
  expect(await keys({ subject: payment(4).subject })).toEqual(['evt_4']);
  expect(await keys({ recordedUntil: clock.now() - 1_000 })).toEqual(['evt_1']);
  expect(await keys({ recordedFrom: clock.now(), state: 'done' })).toEqual(['evt_4']);
  expect(await keys({ unhandled: true })).toEqual(['evt_3']);
  expect(await keys({ error: 'test' })).toEqual(['evt_3']);
});

test('of two whose subjects and references have the same quick number, each is found alone', async () => {
  const { store } = make();
  const [one, other] = ['pay@8b9a2193', 'pay@164f98ba'];
  await done(store, payment(1, { subject: one, reference: one }), 'ship');
  await done(store, payment(2, { subject: other, reference: other }), 'ship');
  for (const filter of [{ subject: one }, { reference: one }, { subject: one, reference: one }])
    expect((await store.list(filter)).items.map(({ id }) => id)).toEqual(['evt_1']);
  expect((await store.list({ subject: one, reference: other })).items).toEqual([]);
});

describe('of bodies, the newest are kept', () => {
  const sized = (number: number, length: number) =>
    payment(number, { raw: Buffer.alloc(length, number), reference: `order-${number}` });

  async function bodies(store: DurableStore, count: number) {
    const all = Array.from({ length: count }, async (_, at) => store.get(payment(at + 1).key));
    return (await Promise.all(all)).map((one) => one?.raw.length);
  }

  test('as many as fit, and facts of all', async () => {
    const { store } = make({ maxDoneBytes: 1_000 });
    for (let number = 1; number <= 5; number += 1) await done(store, sized(number, 400), 'ship');
    expect(await bodies(store, 5)).toEqual([0, 0, 0, 400, 400]);
    const old = await store.get(payment(1).key);
    expect(old).toMatchObject({ state: 'done', reference: 'order-1', succeeded: ['ship'] });
    expect(old).toMatchObject({ headers: {}, attempts: [] });
    expect(await store.replay(payment(1).key)).toBe(false);
    expect(await store.replay(payment(5).key)).toBe(true);
  });

  test('one that is larger than all of them is not, nor does it push out others', async () => {
    const { store } = make({ maxDoneBytes: 1_000 });
    await done(store, sized(1, 400), 'ship');
    await done(store, sized(2, 1_001), 'ship');
    await done(store, sized(3, 0), 'ship');
    expect(await bodies(store, 3)).toEqual([400, 0, 0]);
  });

  test('in pages that many share', async () => {
    const { store } = make({ maxDoneBytes: 80_000 });
    for (let number = 1; number <= 500; number += 1) await done(store, sized(number, 400), 'ship');
    const lengths = await bodies(store, 500);
    const kept = lengths.filter((length) => length === 400).length;
    expect(kept).toBeGreaterThan(150);
    expect(kept).toBeLessThanOrEqual(200);
    expect(lengths.slice(-kept)).toEqual(Array.from({ length: kept }, () => 400));
    expect((await store.get(payment(500).key))?.raw).toEqual(Buffer.alloc(400, 500));
  });

  test('whatever else was done in between', async () => {
    const { store } = make({ maxDoneBytes: 1_000 });
    await done(store, sized(1, 400), 'ship');
    await store.record({ ...sized(2, 400), unhandled: 'test money' });
    await done(store, sized(3, 400), 'ship');
    expect(await bodies(store, 3)).toEqual([0, 400, 400]);
  });
});

test('more handlers and headers than most deliveries have are told as well', async () => {
  const { store } = make();
  const names = Array.from({ length: 16 }, (_, at) => `handler-${at}`);
  const headers = Object.fromEntries(names.map((name) => [`x-${name}`, name]));
  await done(store, payment(1, { headers }), ...names);
  expect(await store.get(payment(1).key)).toMatchObject({
    headers,
    succeeded: names,
    attempts: [attemptBy(...names)],
  });
});

test('what failed before it was done is told with its error and every attempt', async () => {
  const { store } = make();
  await store.record(payment(1));
  const [first] = await store.takeDue({ limit: 1, leaseMs: 1_000, holder: HOLDER });
  if (first === undefined) throw new Error('nothing was due');
  const failed = { ...attemptBy(), outcome: 'retried' as const };
  await store.retry(first, { delayMs: 0, error: 'ship: no', succeeded: [], attempt: failed });
  const [second] = await store.takeDue({ limit: 1, leaseMs: 1_000, holder: HOLDER });
  if (second === undefined) throw new Error('nothing was due again');
  await store.complete(second, { succeeded: ['ship'], attempt: attemptBy('ship') });
  expect(await store.get(payment(1).key)).toMatchObject({
    state: 'done',
    lastError: 'ship: no',
    attempts: [failed, attemptBy('ship')],
  });
});
