import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import type { FakeClock } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';

/** A fresh store and the clock it goes by. */
export interface StoreUnderTest {
  readonly store: DurableStore;
  readonly clock: FakeClock;
}

const LEASE = 30_000;

async function takeOne({ store }: StoreUnderTest): Promise<TakenDelivery> {
  const [taken] = await store.takeDue({ limit: 1, leaseMs: LEASE });
  if (taken === undefined) throw new Error('nothing was due');
  return taken;
}

async function recorded(under: StoreUnderTest, ...numbers: number[]): Promise<StoreUnderTest> {
  for (const number of numbers) await under.store.record(payment(number));
  return under;
}

const keysOf = (deliveries: readonly { key: string }[]) => deliveries.map(({ key }) => key);
const keys = (...numbers: number[]) => numbers.map((number) => payment(number).key);
const none = { succeeded: [] };

/** What every durable store promises, state by state. `make` gives a fresh, empty store each time. */
export function durableStoreSuite(make: () => Promise<StoreUnderTest>): void {
  describe('record', () => {
    recordSuite(make);
  });
  describe('takeDue', () => {
    takeDueSuite(make);
  });
  describe('extend', () => {
    extendSuite(make);
  });
  describe('complete', () => {
    completeSuite(make);
  });
  describe('retry', () => {
    retrySuite(make);
  });
  describe('bury, replay and discard', () => {
    deadSuite(make);
  });
  describe('a stale token', () => {
    staleSuite(make);
  });
  describe('list and get', () => {
    listSuite(make);
  });
  describe('stats and prune', () => {
    statsSuite(make);
  });
}

type Make = () => Promise<StoreUnderTest>;

function recordSuite(make: Make): void {
  test('a fresh key is recorded and due', async () => {
    const { store } = await make();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    expect(await store.get(payment(1).key)).toMatchObject({
      state: 'due',
      started: 0,
      finished: 0,
      succeeded: [],
    });
  });

  test('a known key is a duplicate of the state it is in, and keeps what came first', async () => {
    const under = await recorded(await make(), 1);
    const { store } = under;
    const again = async () => store.record(payment(1, { raw: Buffer.from('other') }));
    expect(await again()).toEqual({ status: 'duplicate', state: 'due' });
    const first = await takeOne(under);
    expect(await again()).toEqual({ status: 'duplicate', state: 'running' });
    await store.bury(first, { error: 'no', succeeded: [] });
    expect(await again()).toEqual({ status: 'duplicate', state: 'dead' });
    await store.replay(first.key);
    const second = await takeOne(under);
    expect(Buffer.from(second.raw)).toEqual(Buffer.from(payment(1).raw));
    await store.complete(second, none);
    expect(await again()).toEqual({ status: 'duplicate', state: 'done' });
  });

  test('of many records of one key at once, one is first', async () => {
    const { store } = await make();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async () => store.record(payment(1))),
    );
    expect(outcomes.filter(({ status }) => status === 'recorded')).toHaveLength(1);
  });

  test('what is dead on arrival is never taken', async () => {
    const { store } = await make();
    await store.record(payment(1, { dead: 'unreadable' }));
    expect(await store.takeDue({ limit: 10, leaseMs: LEASE })).toEqual([]);
    expect(await store.get(payment(1).key)).toMatchObject({
      state: 'dead',
      lastError: 'unreadable',
    });
  });

  test('everything recorded comes back as it went in', async () => {
    const under = await make();
    const raw = Uint8Array.from([0, 255, 123, 0, 10]);
    const delivery = payment(1, { raw, source: 'recovery', version: 'v1' });
    await under.store.record(delivery);
    const { raw: takenRaw, ...taken } = await takeOne(under);
    const { raw: _raw, ...sent } = delivery;
    expect(taken).toMatchObject(sent);
    expect([...takenRaw]).toEqual([0, 255, 123, 0, 10]);
  });
}

function takeDueSuite(make: Make): void {
  test('takes the oldest first, no more than asked for, nothing twice', async () => {
    const { store } = await recorded(await make(), 1, 2, 3);
    const first = await store.takeDue({ limit: 2, leaseMs: LEASE });
    const second = await store.takeDue({ limit: 2, leaseMs: LEASE });
    const third = await store.takeDue({ limit: 2, leaseMs: LEASE });
    expect([keysOf(first), keysOf(second), third]).toEqual([keys(1, 2), keys(3), []]);
  });

  test('counts the start and gives every taking a token of its own', async () => {
    const { store } = await recorded(await make(), 1, 2);
    const [one, two] = await store.takeDue({ limit: 2, leaseMs: LEASE });
    expect(one).toMatchObject({ started: 1, finished: 0, lapsed: false, succeeded: [] });
    expect(one?.token).not.toBe(two?.token);
  });

  test('takes again what has a lapsed lease, not a moment earlier, counting no start', async () => {
    const under = await recorded(await make(), 1);
    const first = await takeOne(under);
    await under.clock.advance(LEASE - 1);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await under.clock.advance(1);
    const second = await takeOne(under);
    expect(second).toMatchObject({ key: first.key, started: 1, finished: 0, lapsed: true });
    expect(second.token).not.toBe(first.token);
  });

  test('a retry that came due earlier goes before what was recorded later', async () => {
    const under = await recorded(await make(), 1);
    const { store, clock } = under;
    await store.retry(await takeOne(under), { delayMs: 1_000, error: 'x', ...none });
    await clock.advance(2_000);
    await store.record(payment(2));
    await clock.advance(1_000);
    expect(keysOf(await store.takeDue({ limit: 2, leaseMs: LEASE }))).toEqual(keys(1, 2));
  });

  test('lapsed leases are not starved by newer work', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    await under.clock.advance(1_000);
    await recorded(under, 2, 3);
    expect((await takeOne(under)).key).toBe(payment(1).key);
  });
}

function extendSuite(make: Make): void {
  test('renews the lease from now', async () => {
    const under = await recorded(await make(), 1);
    const { store, clock } = under;
    const taken = await takeOne(under);
    await clock.advance(20_000);
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    await clock.advance(LEASE - 1);
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await clock.advance(1);
    expect((await takeOne(under)).key).toBe(taken.key);
  });

  test('remembers handlers that succeeded, each once', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    await under.store.extend(taken, { leaseMs: LEASE, succeeded: ['a'] });
    await under.store.extend(taken, { leaseMs: LEASE, succeeded: ['b', 'a'] });
    await under.clock.advance(LEASE);
    expect((await takeOne(under)).succeeded.toSorted()).toEqual(['a', 'b']);
  });

  test('counts a start when asked', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    const suspect = await takeOne(under);
    await under.store.extend(suspect, { leaseMs: LEASE, start: true, ...none });
    await under.clock.advance(LEASE);
    expect(await takeOne(under)).toMatchObject({ started: 2, finished: 0, lapsed: true });
  });

  test('a lease that lapsed and was not retaken can still be renewed or completed', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    await under.clock.advance(LEASE * 2);
    expect(await under.store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    expect(await under.store.complete(taken, none)).toBe('ok');
  });
}

function completeSuite(make: Make): void {
  test('makes it done for good', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    expect(await under.store.complete(taken, { succeeded: ['a'] })).toBe('ok');
    expect(await under.store.get(taken.key)).toMatchObject({
      state: 'done',
      started: 1,
      finished: 1,
      succeeded: ['a'],
    });
    await under.clock.advance(LEASE * 10);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await under.store.complete(taken, none)).toBe('lost');
  });
}

function retrySuite(make: Make): void {
  test('makes it due after the delay, not a moment earlier, the attempt ended', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    const options = { delayMs: 5_000, error: 'a: no', succeeded: ['b'] };
    expect(await under.store.retry(taken, options)).toBe('ok');
    expect(await under.store.get(taken.key)).toMatchObject({ state: 'due', lastError: 'a: no' });
    await under.clock.advance(4_999);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await under.clock.advance(1);
    expect(await takeOne(under)).toMatchObject({
      started: 2,
      finished: 1,
      lapsed: false,
      succeeded: ['b'],
    });
  });

  test('retries come due in the order of their times', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const { store, clock } = under;
    const delays = [3_000, 1_000, 2_000];
    for (const delayMs of delays)
      await store.retry(await takeOne(under), { delayMs, error: 'x', ...none });
    await clock.advance(3_000);
    expect(keysOf(await store.takeDue({ limit: 3, leaseMs: LEASE }))).toEqual(keys(2, 3, 1));
  });

  test('uncounted, it is as if it had not been taken', async () => {
    const under = await recorded(await make(), 1);
    const options = { delayMs: 0, counted: false, error: 'shutdown', ...none };
    await under.store.retry(await takeOne(under), options);
    expect(await under.store.get(payment(1).key)).toMatchObject({ started: 0, finished: 0 });
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, lapsed: false });
  });

  test('handing back a suspect uncounted does not forget the crash', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    const options = { delayMs: 0, counted: false, error: 'shutdown', ...none };
    await under.store.retry(await takeOne(under), options);
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, lapsed: true });
  });
}

function deadSuite(make: Make): void {
  const bury = async (under: StoreUnderTest) => {
    const taken = await takeOne(under);
    await under.store.bury(taken, { error: 'hopeless', succeeded: ['a'] });
    return taken.key;
  };

  test('a buried delivery is touched by nobody', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    await under.clock.advance(LEASE * 10);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await under.store.get(key)).toMatchObject({
      state: 'dead',
      started: 1,
      finished: 1,
      succeeded: ['a'],
      lastError: 'hopeless',
    });
  });

  test('replay makes it due now, counters at zero, successes remembered', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    expect(await under.store.replay(key)).toBe(true);
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, succeeded: ['a'] });
  });

  test('discard forgets it, and its key is fresh again', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    expect(await under.store.discard(key)).toBe(true);
    expect(await under.store.get(key)).toBeUndefined();
    expect(await under.store.record(payment(1))).toEqual({ status: 'recorded' });
  });

  test('what is not dead is neither replayed nor discarded', async () => {
    const under = await recorded(await make(), 1);
    const { store } = under;
    const { key } = payment(1);
    const both = async () => [await store.replay(key), await store.discard(key)];
    expect(await both()).toEqual([false, false]);
    const taken = await takeOne(under);
    expect(await both()).toEqual([false, false]);
    await store.complete(taken, none);
    expect(await both()).toEqual([false, false]);
    expect([await store.replay('unknown'), await store.discard('unknown')]).toEqual([false, false]);
  });

  test('of two replays at once, one says so', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    const said = await Promise.all([under.store.replay(key), under.store.replay(key)]);
    expect(said.filter(Boolean)).toHaveLength(1);
    expect(await under.store.takeDue({ limit: 5, leaseMs: LEASE })).toHaveLength(1);
  });
}

function staleSuite(make: Make): void {
  const transitions: [string, (store: DurableStore, claim: TakenDelivery) => Promise<unknown>][] = [
    ['extend', async (store, claim) => store.extend(claim, { leaseMs: LEASE, succeeded: ['x'] })],
    ['complete', async (store, claim) => store.complete(claim, { succeeded: ['x'] })],
    ['retry', async (store, claim) => store.retry(claim, { delayMs: 0, error: 'x', ...none })],
    ['bury', async (store, claim) => store.bury(claim, { error: 'x', ...none })],
  ];

  test.each(transitions)('is refused by %s while another worker has it', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const stale = await takeOne(under);
    await under.clock.advance(LEASE);
    const current = await takeOne(under);
    const before = await under.store.get(stale.key);
    expect(await write(under.store, stale)).toBe('lost');
    expect(await under.store.get(stale.key)).toEqual(before);
    expect(await under.store.complete(current, none)).toBe('ok');
  });

  test.each(transitions)('is refused by %s once it was handed back', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const stale = await takeOne(under);
    await under.store.retry(stale, { delayMs: 0, error: 'x', ...none });
    expect(await write(under.store, stale)).toBe('lost');
  });

  test.each(transitions)('is refused by %s for a key nobody knows', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    expect(await write(under.store, { ...taken, key: 'unknown' })).toBe('lost');
  });
}

function listSuite(make: Make): void {
  test('newest first, a page at a time, without bodies', async () => {
    const { store } = await recorded(await make(), 1, 2, 3, 4, 5);
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, cursor: first.nextCursor });
    const third = await store.list({ limit: 2, cursor: second.nextCursor });
    expect([first, second, third].map(({ items }) => keysOf(items))).toEqual([
      keys(5, 4),
      keys(3, 2),
      keys(1),
    ]);
    expect(third.nextCursor).toBeUndefined();
    expect(first.items[0]?.raw).toHaveLength(0);
  });

  test('the last page has no cursor, though it is full', async () => {
    const { store } = await recorded(await make(), 1, 2);
    expect((await store.list({ limit: 2 })).nextCursor).toBeUndefined();
  });

  test('what is recorded meanwhile shifts no page', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const first = await under.store.list({ limit: 2 });
    await recorded(under, 4);
    const second = await under.store.list({ limit: 2, cursor: first.nextCursor });
    expect(keysOf(second.items)).toEqual(keys(1));
  });

  test('filters by state, type and subject, together too', async () => {
    const under = await recorded(await make(), 1, 2);
    const { store } = under;
    await store.record(payment(3, { type: 'refund.requested', subject: payment(1).subject }));
    await takeOne(under);
    const list = async (filter: Parameters<DurableStore['list']>[0]) =>
      keysOf((await store.list(filter)).items);
    expect(await list({ state: 'due' })).toEqual(keys(3, 2));
    expect(await list({ state: 'running' })).toEqual(keys(1));
    expect(await list({ type: 'refund.requested' })).toEqual(keys(3));
    expect(await list({ subject: payment(1).subject })).toEqual(keys(3, 1));
    expect(await list({ subject: payment(1).subject, state: 'due' })).toEqual(keys(3));
  });

  test('get has the body and the headers; an unknown key is undefined', async () => {
    const { store } = await recorded(await make(), 1);
    const kept = await store.get(payment(1).key);
    expect(Buffer.from(kept?.raw ?? [])).toEqual(Buffer.from(payment(1).raw));
    expect(kept?.headers).toEqual({ 'qbitflow-event-id': 'evt_1' });
    expect(await store.get('unknown')).toBeUndefined();
  });
}

function statsSuite(make: Make): void {
  test('counts each state and tells how long the oldest due one has waited', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const { store, clock } = under;
    await store.complete(await takeOne(under), none);
    await store.bury(await takeOne(under), { error: 'x', ...none });
    await clock.advance(4_000);
    expect(await store.stats()).toEqual({
      due: 1,
      running: 0,
      done: 1,
      dead: 1,
      oldestDueAgeMs: 4_000,
    });
  });

  test('a retry that still waits has no age', async () => {
    const under = await recorded(await make(), 1);
    await under.store.retry(await takeOne(under), { delayMs: 60_000, error: 'x', ...none });
    await under.clock.advance(1_000);
    expect(await under.store.stats()).toMatchObject({ oldestDueAgeMs: 0 });
  });

  test('an empty store is all zeros', async () => {
    const { store } = await make();
    const zeros = { due: 0, running: 0, done: 0, dead: 0, oldestDueAgeMs: 0 };
    expect(await store.stats()).toEqual(zeros);
  });

  test('prune forgets what has been done for long enough, in batches, and nothing else', async () => {
    const under = await recorded(await make(), 1, 2, 3, 4, 5);
    const { store, clock } = under;
    await store.bury(await takeOne(under), { error: 'x', ...none });
    for (let index = 0; index < 3; index += 1) await store.complete(await takeOne(under), none);
    await clock.advance(10_000);
    expect(await store.prune({ doneForMs: 10_001, limit: 10 })).toBe(0);
    expect(await store.prune({ doneForMs: 10_000, limit: 2 })).toBe(2);
    expect(await store.prune({ doneForMs: 10_000, limit: 2 })).toBe(1);
    expect(await store.stats()).toMatchObject({ due: 1, done: 0, dead: 1 });
  });
}
