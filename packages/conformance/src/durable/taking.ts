import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import { deepEqual } from 'node:assert/strict';
import { eventually, pass, tick } from '../support/waiting.js';
import type { DurableBench } from './case.js';
import { delivery, keysOf } from './delivery.js';

/** A lease that never lapses within a case, in ms. */
export const LONG_LEASE_MS = 600_000;

/** Records deliveries of these numbers, one at a time, so that each is older than the next. */
export async function recordInOrder(bench: DurableBench, ...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    await bench.store.record(delivery(number));
    await tick(bench);
  }
}

/** Takes the next delivery, waiting until there is one. */
export async function takeNext(
  bench: DurableBench,
  { leaseMs = LONG_LEASE_MS, store = bench.store }: { leaseMs?: number; store?: DurableStore } = {},
): Promise<TakenDelivery> {
  return eventually(bench, 'a delivery to take', async () => {
    const [taken] = await store.takeDue({ limit: 1, leaseMs });
    return taken;
  });
}

/** Takes the next delivery as a process would that then dies, and waits until its lease has lapsed. */
export async function takeAndLapse(bench: DurableBench): Promise<TakenDelivery> {
  const taken = await takeNext(bench, { leaseMs: bench.leaseMs });
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

/** Asserts that there is nothing to take. */
export async function nothingDue({ store }: Pick<DurableBench, 'store'>): Promise<void> {
  const taken = await store.takeDue({ limit: 10, leaseMs: LONG_LEASE_MS });
  deepEqual(keysOf(taken), [], 'nothing was to be taken');
}
