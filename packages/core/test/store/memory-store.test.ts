import { memoryStore, type MemoryStoreOptions } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { rejectionOf } from '../support/rejection-of.js';
import { durableStoreSuite } from './durable-store-suite.js';

const make = (options: MemoryStoreOptions = {}) => {
  const clock = fakeClock();
  return { clock, store: memoryStore({ clock, ...options }) };
};

describe('memoryStore is a durable store by contract', () => {
  durableStoreSuite(async () => make());
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
