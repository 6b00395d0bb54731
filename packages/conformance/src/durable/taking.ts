import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableStore, NewDelivery, TakeOptions, TakenDelivery } from '@qbitflow/core';
import type { DurableHarness } from '../support/store-harness.js';
import { eventually, pass, tick } from '../support/waiting.js';
import { delivery, keysOf } from './delivery.js';

/** A lease that never lapses within a case, in ms. */
export const LONG_LEASE_MS = 600_000;

/** Records one at a time, so that each is older than the next. */
export async function recordEach(
  harness: DurableHarness,
  all: readonly NewDelivery[],
): Promise<void> {
  for (const one of all) {
    await harness.store.record(one);
    await tick(harness);
  }
}

/** Records deliveries of these numbers, one at a time, so that each is older than the next. */
export async function recordInOrder(harness: DurableHarness, ...numbers: number[]): Promise<void> {
  await recordEach(
    harness,
    numbers.map((number) => delivery(number)),
  );
}

/** Records all of them at once. */
export async function recordAtOnce(
  { store }: Pick<DurableHarness, 'store'>,
  all: readonly NewDelivery[],
): Promise<void> {
  await Promise.all(all.map(async (one) => store.record(one)));
}

/** What is not given is as it usually is: one delivery of any kind, a long lease, the harness's store. */
interface Taking extends Partial<TakeOptions> {
  readonly store?: DurableStore;
}

/** Takes the next delivery, waiting until there is one. */
export async function takeNext(
  harness: DurableHarness,
  taking: Taking = {},
): Promise<TakenDelivery> {
  const { store = harness.store, ...options } = taking;
  return eventually(harness, 'a delivery to take', async () => {
    const [taken] = await store.takeDue({ limit: 1, leaseMs: LONG_LEASE_MS, ...options });
    return taken;
  });
}

/** Takes the next delivery and completes it. */
export async function completeNext(
  harness: DurableHarness,
  taking?: Taking,
): Promise<TakenDelivery> {
  const taken = await takeNext(harness, taking);
  equal(await harness.store.complete(taken, { succeeded: ['a'] }), 'ok');
  return taken;
}

/** Takes the next delivery and buries it. */
export async function buryNext(harness: DurableHarness, taking?: Taking): Promise<TakenDelivery> {
  const taken = await takeNext(harness, taking);
  equal(await harness.store.bury(taken, { error: 'hopeless', succeeded: ['a'] }), 'ok');
  return taken;
}

/** Takes the next delivery as a process would that then dies, and waits until its lease has lapsed. */
export async function takeAndLapse(
  harness: DurableHarness,
  taking: Taking = {},
): Promise<TakenDelivery> {
  const taken = await takeNext(harness, { leaseMs: harness.leaseMs, ...taking });
  await pass(harness, harness.leaseMs);
  return taken;
}

/**
 * Takes until nothing is left, or more than `most` came (then something came twice). Every store takes its turn at the
 * same time as the others.
 */
export async function takeAll(
  stores: readonly DurableStore[],
  { limit, most }: { limit: number; most: number },
): Promise<TakenDelivery[]> {
  const taken: TakenDelivery[] = [];
  for (;;) {
    const turns = stores.map(async (store) => store.takeDue({ limit, leaseMs: LONG_LEASE_MS }));
    const round = (await Promise.all(turns)).flat();
    taken.push(...round);
    if (round.length === 0 || taken.length > most) return taken;
  }
}

/** Asserts that there is nothing to take with these options. */
export async function nothingDue(
  { store }: Pick<DurableHarness, 'store'>,
  options: Partial<TakeOptions> = {},
): Promise<void> {
  const taken = await store.takeDue({ limit: 10, leaseMs: LONG_LEASE_MS, ...options });
  deepEqual(keysOf(taken), [], 'nothing was to be taken');
}

/** One batch, of which the suite asserts what holds for every batch. */
export async function takeBatch(
  store: DurableStore,
  options: Partial<TakeOptions> = {},
): Promise<readonly TakenDelivery[]> {
  const { limit = 10 } = options;
  const batch = await store.takeDue({ leaseMs: LONG_LEASE_MS, ...options, limit });
  ok(batch.length <= limit, `${batch.length} were taken, ${limit} asked for`);
  const subjects = batch.map(({ subject }) => subject);
  equal(new Set(subjects).size, subjects.length, 'two of one subject in a batch');
  return batch;
}

/**
 * Takes batch after batch and asserts that all of `expected` comes and nothing else, every batch in the order of
 * `expected` and beginning with the first that is left. A batch may be smaller than it could be, never empty.
 */
export async function takesInOrder(
  store: DurableStore,
  expected: readonly NewDelivery[],
  options: Partial<TakeOptions> = {},
): Promise<void> {
  const left = keysOf(expected);
  while (left.length > 0) {
    const keys = keysOf(await takeBatch(store, options));
    equal(keys[0], left[0], `the oldest of ${left.length} that are left`);
    deepEqual(
      left.filter((key) => keys.includes(key)),
      keys,
      'the order of a batch',
    );
    for (const key of keys) left.splice(left.indexOf(key), 1);
  }
  deepEqual(keysOf(await takeBatch(store, options)), [], 'more was taken than expected');
}

/** Records all of them, completes them, and waits until they have been done for a moment. */
export async function makeDone(
  harness: DurableHarness,
  all: readonly NewDelivery[],
): Promise<void> {
  await recordAtOnce(harness, all);
  const taken = await takeAll([harness.store], { limit: 100, most: all.length });
  equal(taken.length, all.length, 'not everything that was recorded could be taken');
  const claims = taken.map(async (claim) => harness.store.complete(claim, { succeeded: ['a'] }));
  await Promise.all(claims);
  await tick(harness);
}

/** Leaves the keys of these deliveries and nothing else of them. */
export async function makeTombstones(
  harness: DurableHarness,
  all: readonly NewDelivery[],
): Promise<void> {
  await makeDone(harness, all);
  equal(await harness.store.prune({ doneForMs: 0, limit: all.length }), all.length);
  await tick(harness);
}
