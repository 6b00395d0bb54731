import type { DurableStore, NewDelivery, TakenDelivery, TakeOptions } from '@qbitflow/core';
import { deepEqual, equal } from 'node:assert/strict';
import { eventually, pass, tick } from '../support/waiting.js';
import type { DurableBench } from './case.js';
import { delivery, keysOf } from './delivery.js';

/** A lease that never lapses within a case, in ms. */
export const LONG_LEASE_MS = 600_000;

/** Records one at a time, so that each is older than the next. */
export async function recordEach(bench: DurableBench, all: readonly NewDelivery[]): Promise<void> {
  for (const one of all) {
    await bench.store.record(one);
    await tick(bench);
  }
}

/** Records deliveries of these numbers, one at a time, so that each is older than the next. */
export async function recordInOrder(bench: DurableBench, ...numbers: number[]): Promise<void> {
  await recordEach(
    bench,
    numbers.map((number) => delivery(number)),
  );
}

/** Records all of them at once. */
export async function recordAtOnce(
  { store }: Pick<DurableBench, 'store'>,
  all: readonly NewDelivery[],
): Promise<void> {
  await Promise.all(all.map(async (one) => store.record(one)));
}

/** What is not given is as it usually is: one delivery of any kind, a long lease, the bench's store. */
interface Taking extends Partial<TakeOptions> {
  readonly store?: DurableStore;
}

/** Takes the next delivery, waiting until there is one. */
export async function takeNext(bench: DurableBench, taking: Taking = {}): Promise<TakenDelivery> {
  const { store = bench.store, ...options } = taking;
  return eventually(bench, 'a delivery to take', async () => {
    const [taken] = await store.takeDue({ limit: 1, leaseMs: LONG_LEASE_MS, ...options });
    return taken;
  });
}

/** Takes the next delivery and completes it. */
export async function completeNext(bench: DurableBench, taking?: Taking): Promise<TakenDelivery> {
  const taken = await takeNext(bench, taking);
  equal(await bench.store.complete(taken, { succeeded: ['a'] }), 'ok');
  return taken;
}

/** Takes the next delivery and buries it. */
export async function buryNext(bench: DurableBench, taking?: Taking): Promise<TakenDelivery> {
  const taken = await takeNext(bench, taking);
  equal(await bench.store.bury(taken, { error: 'hopeless', succeeded: ['a'] }), 'ok');
  return taken;
}

/** Takes the next delivery as a process would that then dies, and waits until its lease has lapsed. */
export async function takeAndLapse(
  bench: DurableBench,
  taking: Taking = {},
): Promise<TakenDelivery> {
  const taken = await takeNext(bench, { leaseMs: bench.leaseMs, ...taking });
  await pass(bench, bench.leaseMs);
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
  { store }: Pick<DurableBench, 'store'>,
  options: Partial<TakeOptions> = {},
): Promise<void> {
  const taken = await store.takeDue({ limit: 10, leaseMs: LONG_LEASE_MS, ...options });
  deepEqual(keysOf(taken), [], 'nothing was to be taken');
}
