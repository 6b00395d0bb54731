import { QBitFlowError, type TakenDelivery } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { sharedMemoryStore } from '../../src/store/idempotency-store.js';
import { payment } from '../support/deliveries.js';
import { rejectionOf } from '../support/rejection-of.js';
import { sharedMap } from './idempotency-shared-map.js';

const CLAIM_MS = 60_000;
const LEASE_MS = 30_000;
const { key: KEY } = payment(1);
const AGAIN = { delayMs: 0, error: 'no', succeeded: [] };

function open() {
  const clock = fakeClock();
  const map = sharedMap(clock);
  const store = sharedMemoryStore(map, { clock, claimMs: CLAIM_MS });
  async function takeOne(): Promise<TakenDelivery> {
    const [taken] = await store.takeDue({ limit: 1, leaseMs: LEASE_MS });
    if (taken === undefined) throw new Error('nothing was due');
    return taken;
  }
  /** Records and fails once; then the claim lapses before the next attempt. */
  async function lapse(): Promise<void> {
    await store.record(payment(1));
    await store.retry(await takeOne(), AGAIN);
    await clock.advance(CLAIM_MS);
  }
  return { clock, map, store, takeOne, lapse };
}

const asOther = { leaseMs: CLAIM_MS };

test('it is an inbox that forgets with its process', () => {
  const { store } = open();
  expect([store.name, store.durable]).toEqual(['idempotency', false]);
});

test('a retry whose claim still holds runs without asking again', async () => {
  const { store, takeOne, map } = open();
  await store.record(payment(1));
  await store.retry(await takeOne(), AGAIN);
  expect((await takeOne()).started).toBe(2);
  expect(map.calls).toEqual(['claim']);
});

test('a claim that lapsed between two attempts is claimed again', async () => {
  const { store, takeOne, lapse, map } = open();
  await lapse();
  const taken = await takeOne();
  expect(taken.started).toBe(2);
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'running' });
  expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'done' });
});

test.each([
  ['running', 'due'],
  ['done', 'done'],
] as const)(
  'a claim that lapsed and is %s elsewhere is left to who has it, and is %s here',
  async (state, here) => {
    const { store, lapse, map } = open();
    await lapse();
    const other = await map.claim(KEY, asOther);
    if (other.status === 'claimed' && state === 'done') await map.complete(KEY, other.token);
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE_MS })).toEqual([]);
    expect(await map.claim(KEY, asOther)).toEqual({ status: state });
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: here });
  },
);

test('what another instance took and never finished runs here once its claim has lapsed', async () => {
  const { store, lapse, map, clock } = open();
  await lapse();
  await map.claim(KEY, asOther);
  expect(await store.takeDue({ limit: 1, leaseMs: LEASE_MS })).toEqual([]);
  await clock.advance(CLAIM_MS);
  expect(await store.takeDue({ limit: 1, leaseMs: LEASE_MS })).toMatchObject([{ key: KEY }]);
});

test('a claim of a retry whose answer was lost does not lose the delivery', async () => {
  const { clock, map } = open();
  let lost = false;
  const claim: typeof map.claim = async (key, options) => {
    const result = await map.claim(key, options);
    if (lost) throw new Error('ECONNRESET');
    return result;
  };
  const store = sharedMemoryStore({ ...map, claim }, { clock, claimMs: CLAIM_MS });
  const take = async () => store.takeDue({ limit: 1, leaseMs: LEASE_MS });
  await store.record(payment(1));
  const [first] = await take();
  if (first === undefined) throw new Error('nothing was due');
  await store.retry(first, AGAIN);
  await clock.advance(CLAIM_MS);
  lost = true;
  expect(await rejectionOf(take())).toMatchObject({ message: 'ECONNRESET' });
  lost = false;
  expect(await take()).toEqual([]);
  await clock.advance(CLAIM_MS);
  expect(await take()).toMatchObject([{ key: KEY, started: 2, lapsed: false }]);
});

test('a replay of what is done runs once more, claim or no claim', async () => {
  const { store, takeOne, map } = open();
  await store.record(payment(1));
  await store.complete(await takeOne(), { succeeded: ['ship'] });
  expect(await store.replay(KEY)).toBe(true);
  const again = await takeOne();
  expect(again).toMatchObject({ started: 1, succeeded: [] });
  expect(await store.complete(again, { succeeded: ['ship'] })).toBe('ok');
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'done' });
});

test('closing gives back what waits and what is dead, and keeps what is running', async () => {
  const { store, takeOne, map } = open();
  for (const number of [1, 2, 3]) await store.record(payment(number));
  await store.bury(await takeOne(), { error: 'no', succeeded: [] });
  await takeOne();
  await store.close();
  const states = [1, 2, 3].map(async (number) => {
    const { status } = await map.claim(payment(number).key, asOther);
    return status;
  });
  expect(await Promise.all(states)).toEqual(['claimed', 'running', 'claimed']);
});

test('a full memory gives the claim back, so that another instance can take the delivery', async () => {
  const { store, map } = open();
  for (let number = 1; number <= 10_000; number += 1) await store.record(payment(number));
  const late = payment(10_001);
  const error = await rejectionOf(store.record(late));
  expect(error).toBeInstanceOf(QBitFlowError);
  expect(error).toMatchObject({ code: 'store_full' });
  expect(await map.claim(late.key, asOther)).toMatchObject({ status: 'claimed' });
});

test('a cache that is away when a delivery is done keeps it running, to be completed again', async () => {
  const { clock, map } = open();
  let down = true;
  const complete = async (key: string, token: string) => {
    if (down) throw new Error('away');
    return map.complete(key, token);
  };
  const store = sharedMemoryStore({ ...map, complete }, { clock });
  await store.record(payment(1));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: LEASE_MS });
  if (taken === undefined) throw new Error('nothing was due');
  expect(await rejectionOf(store.complete(taken, { succeeded: [] }))).toMatchObject({
    message: 'away',
  });
  expect(await store.stats()).toMatchObject({ running: 1, done: 0 });
  down = false;
  expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'done' });
});

test('a claim that lapsed under a long handler, with nobody else there, is done all the same', async () => {
  const { clock, store, takeOne, map } = open();
  await store.record(payment(1));
  const taken = await takeOne();
  await clock.advance(CLAIM_MS);
  map.entries.delete(KEY);
  expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'done' });
});

test('a completion that another instance has overtaken is lost, and nothing runs again here', async () => {
  const { clock, store, takeOne, map } = open();
  await store.record(payment(1));
  const taken = await takeOne();
  await clock.advance(CLAIM_MS);
  const other = await map.claim(KEY, asOther);
  expect(other.status).toBe('claimed');
  expect(await store.complete(taken, { succeeded: [] })).toBe('lost');
  await clock.advance(LEASE_MS);
  expect(await store.takeDue({ limit: 1, leaseMs: LEASE_MS })).toEqual([]);
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'running' });
});

test('a cache that is away when a claim has lapsed loses nothing, and blames no handler', async () => {
  const { clock, map } = open();
  let down = false;
  const claim: typeof map.claim = async (key, options) => {
    if (down) throw new Error('away');
    return map.claim(key, options);
  };
  const store = sharedMemoryStore({ ...map, claim }, { clock, claimMs: CLAIM_MS });
  const take = async () => store.takeDue({ limit: 2, leaseMs: LEASE_MS });
  await store.record(payment(1));
  const [first] = await take();
  if (first === undefined) throw new Error('nothing was due');
  await store.retry(first, AGAIN);
  await clock.advance(CLAIM_MS);
  down = true;
  expect(await rejectionOf(take())).toMatchObject({ message: 'away' });
  down = false;
  expect(await take()).toMatchObject([{ key: KEY, started: 2, finished: 1, lapsed: false }]);
});

test('a dead letter that is discarded is done for every instance', async () => {
  const { store, takeOne, map } = open();
  await store.record(payment(1));
  await store.bury(await takeOne(), { error: 'no', succeeded: [] });
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'running' });
  expect(await store.discard(KEY)).toBe(true);
  expect(await map.claim(KEY, asOther)).toEqual({ status: 'done' });
});
