import type { DurableStore, NewDelivery, TakenDelivery, TakeOptions } from '@qbitflow/core';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { keysOf } from './delivery.js';
import { LONG_LEASE_MS } from './taking.js';

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
