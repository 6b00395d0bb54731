import { memoryStore, type MemoryStoreOptions } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { rejectionOf } from '../support/rejection-of.js';

const make = (options: MemoryStoreOptions = {}) => {
  const clock = fakeClock();
  return { clock, store: memoryStore({ clock, ...options }) };
};

// The contract itself is asked by conformance.test.ts, in real time; here what only a clock that stands still can show.
describe('it keeps to the millisecond of its clock', () => {
  const LEASE = 30_000;
  const none = { succeeded: [] };

  async function recorded(...numbers: number[]) {
    const { clock, store } = make();
    for (const number of numbers) await store.record(payment(number));
    const take = async () => store.takeDue({ limit: 1, leaseMs: LEASE });
    const takeOne = async () => {
      const [taken] = await take();
      if (taken === undefined) throw new Error('nothing was due');
      return taken;
    };
    return { clock, store, take, takeOne };
  }

  test('a lapsed lease is taken again, not a moment earlier', async () => {
    const { clock, take, takeOne } = await recorded(1);
    const first = await takeOne();
    await clock.advance(LEASE - 1);
    expect(await take()).toEqual([]);
    await clock.advance(1);
    const second = await takeOne();
    expect(second).toMatchObject({ key: first.key, started: 1, finished: 0, lapsed: true });
    expect(second.token).not.toBe(first.token);
  });

  test('a lease is renewed from now', async () => {
    const { clock, store, take, takeOne } = await recorded(1);
    const taken = await takeOne();
    await clock.advance(20_000);
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    await clock.advance(LEASE - 1);
    expect(await take()).toEqual([]);
    await clock.advance(1);
    expect((await takeOne()).key).toBe(taken.key);
  });

  test('a retry is due after its delay, not a moment earlier', async () => {
    const { clock, store, take, takeOne } = await recorded(1);
    await store.retry(await takeOne(), { delayMs: 5_000, error: 'a: no', succeeded: ['b'] });
    await clock.advance(4_999);
    expect(await take()).toEqual([]);
    await clock.advance(1);
    expect(await takeOne()).toMatchObject({ started: 2, finished: 1, succeeded: ['b'] });
  });

  test('the age of the oldest due one, and what has been done for long enough', async () => {
    const { clock, store, takeOne } = await recorded(1, 2);
    await store.complete(await takeOne(), none);
    await clock.advance(4_000);
    expect(await store.stats()).toMatchObject({ due: 1, done: 1, oldestDueAgeMs: 4_000 });
    expect(await store.prune({ doneForMs: 4_001, limit: 10 })).toBe(0);
    expect(await store.prune({ doneForMs: 4_000, limit: 10 })).toBe(1);
  });
});

test('says that it forgets', () => {
  expect(make().store).toMatchObject({ name: 'memory', durable: false });
});

test('refuses more than maxOpen deliveries, dead letters included, but never a duplicate', async () => {
  const { store } = make({ maxOpen: 2 });
  await store.record(payment(1, { dead: 'unreadable' }));
  await store.record(payment(2));
  expect(await rejectionOf(store.record(payment(3)))).toMatchObject({
    code: 'store_full',
    facts: { open: 2 },
  });
  expect(await store.record(payment(2))).toEqual({ status: 'duplicate', state: 'due' });
  await store.discard(payment(1).key);
  expect(await store.record(payment(3))).toEqual({ status: 'recorded' });
});

test('refuses more than maxOpenBytes of bodies until some are done', async () => {
  const { store } = make({ maxOpenBytes: 10 });
  const small = (number: number, length: number) => payment(number, { raw: Buffer.alloc(length) });
  await store.record(small(1, 6));
  expect(await rejectionOf(store.record(small(2, 5)))).toMatchObject({ code: 'store_full' });
  await store.record(small(3, 4));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was due');
  await store.complete(taken, { succeeded: [] });
  expect(await store.record(small(2, 5))).toEqual({ status: 'recorded' });
});

test('keeps bodies of what is done up to maxDoneBytes, and no parsed event', async () => {
  const { store } = make({ maxDoneBytes: 0 });
  await store.record(payment(1));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was due');
  await store.complete(taken, { succeeded: [] });
  expect((await store.get(payment(1).key))?.raw).toHaveLength(0);
});

test('remembers at least half of maxDone, and never more than it', async () => {
  const { store } = make({ maxDone: 10, maxKeys: 20 });
  for (let number = 1; number <= 100; number += 1) {
    await store.record(payment(number));
    const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
    if (taken !== undefined) await store.complete(taken, { succeeded: [] });
    const { done } = await store.stats();
    expect(done).toBeLessThanOrEqual(10);
    expect(done).toBeGreaterThanOrEqual(Math.min(number, 5));
  }
  expect(await store.record(payment(96))).toEqual({ status: 'duplicate', state: 'done' });
  expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
});

test('hands over the parsed event inside the process', async () => {
  const { store } = make();
  const event = { type: 'payment.completed', key: 'k' };
  await store.record(payment(1, { event }));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
  expect(taken?.event).toBe(event);
});

test('keeps the order of thousands of deliveries', async () => {
  const { store } = make({ maxOpenBytes: 1e9 });
  const all = Array.from({ length: 5_000 }, (_, number) => payment(number));
  for (const delivery of all) await store.record(delivery);
  const taken: string[] = [];
  for (;;) {
    const batch = await store.takeDue({ limit: 70, leaseMs: 1_000 });
    if (batch.length === 0) break;
    for (const { key } of batch) taken.push(key);
  }
  expect(taken).toEqual(all.map(({ key }) => key));
});

test('stays readable after close', async () => {
  const { store } = make();
  await store.record(payment(1));
  await store.close();
  expect(await store.stats()).toMatchObject({ due: 1 });
});

test('does not change the options it is given', () => {
  expect(() => memoryStore(Object.freeze({ maxOpen: 5 }))).not.toThrow();
});

test('a page that took several looks shows each delivery as it was when it was found', async () => {
  const { store } = make({ maxDone: 100_000 });
  for (let number = 0; number < 12_000; number += 1)
    await store.record({
      ...payment(number),
      ...(number % 1_000 === 0 ? {} : { unhandled: 'test money' }),
    });
  const page = store.list({ state: 'due', limit: 100 });
  // While it pauses for others.
  expect(await store.settleUnhandled({ types: { except: [] }, dueForMs: 0, limit: 100 })).toBe(12);
  const states = (await page).items.map(({ state }) => state);
  expect(states.length).toBeGreaterThan(0);
  expect(new Set(states)).toEqual(new Set(['due']));
});

test('a text in an error is found behind any number of deliveries that never failed', async () => {
  const { store } = make({ maxOpen: 100_000 });
  await store.record(payment(0, { dead: 'no stock of 0' }));
  await store.record(payment(1));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was due');
  await store.bury(taken, { error: 'no stock of 1', succeeded: [] });
  for (let number = 2; number < 12_000; number += 1) await store.record(payment(number));
  const { items, nextCursor } = await store.list({ error: 'NO STOCK' });
  expect(items.map(({ lastError }) => lastError)).toEqual(['no stock of 1', 'no stock of 0']);
  expect(nextCursor).toBeUndefined();
});
