import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Claim, DurableStore } from '@qbitflow/core';
import { fieldOf } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  makeDone,
  recordEach,
  recordInOrder,
  takeAndLapse,
  takeNext,
} from './taking.js';

/** What a program without types, a missing header or a division by zero makes of a time in ms. */
const ODD_TIMES: readonly unknown[] = [NaN, Infinity, -Infinity, -5, 1e16, 1e300, undefined];

const REFUSED = Symbol('refused');

/**
 * Calls a method as a program without types could. Resolves with what it says, or with `REFUSED` where it rejects as
 * misconfigured: an error of the database's own would be taken for an outage.
 */
async function call(
  store: DurableStore,
  method: 'takeDue' | 'extend' | 'retry' | 'prune' | 'settleUnhandled',
  ...args: readonly unknown[]
): Promise<unknown> {
  try {
    const said: unknown = await Reflect.apply(store[method], store, args);
    return said;
  } catch (error) {
    equal(fieldOf(error, 'code'), 'misconfigured', `${method} rejects with ${String(error)}`);
    return REFUSED;
  }
}

/** Asserts that delivery 1 can still be taken and completed, and that another one's retry still comes. */
async function nothingIsStuck(harness: DurableHarness, what: string): Promise<void> {
  const { store } = harness;
  await recordEach(harness, [delivery(2)]);
  const other = await takeNext(harness, { exceptSubjects: [delivery(1).subject] });
  await store.retry(other, { delayMs: 10, error: 'x', succeeded: [] });
  const keys = new Set<string>();
  while (keys.size < 2) {
    const taken = await takeNext(harness);
    equal(await store.complete(taken, { succeeded: [] }), 'ok', what);
    keys.add(taken.key);
  }
  equal((await store.get(keyOf(1)))?.state, 'done', what);
}

/** Asserts that a refusal changed nothing: the claim is held and can let go as usual. */
async function stillHeld({ store }: DurableHarness, claim: Claim, what: string): Promise<void> {
  equal((await store.get(claim.key))?.state, 'running', what);
  equal(await store.retry(claim, { delayMs: 0, error: 'x', succeeded: [] }), 'ok', what);
}

function oddDelay(delayMs: unknown): DurableCase {
  return {
    name: `odd numbers: a retry after ${String(delayMs)} ms loses nothing`,
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness);
      const said = await call(harness.store, 'retry', taken, {
        delayMs,
        error: 'x',
        succeeded: [],
      });
      if (said === REFUSED) await stillHeld(harness, taken, 'refused');
      else equal(said, 'ok');
      await nothingIsStuck(harness, 'after it');
    },
  };
}

function oddLease(leaseMs: unknown): DurableCase {
  return {
    name: `odd numbers: a lease of ${String(leaseMs)} ms loses nothing`,
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const batch = await call(store, 'takeDue', { limit: 1, leaseMs });
      if (batch === REFUSED) deepEqual([(await store.get(keyOf(1)))?.started], [0], 'refused');
      const taken = await takeNext(harness);
      const said = await call(store, 'extend', taken, { leaseMs, succeeded: [] });
      if (said === REFUSED) await stillHeld(harness, taken, 'refused');
      else equal(said, 'ok');
      await nothingIsStuck(harness, 'after it');
    },
  };
}

function oddStart(start: unknown): DurableCase {
  return {
    name: `odd numbers: a start of ${String(start)} spoils no count`,
    async run(harness) {
      const { store, leaseMs } = harness;
      await store.record(delivery(1));
      await takeAndLapse(harness);
      const taken = await takeNext(harness);
      const said = await call(store, 'extend', taken, { leaseMs, succeeded: [], start });
      if (said !== REFUSED) equal(said, 'ok');
      const started = (await store.get(keyOf(1)))?.started ?? NaN;
      ok(Number.isSafeInteger(started) && started >= 0, `it says that it was started ${started}`);
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      equal((await store.get(keyOf(1)))?.state, 'done');
    },
  };
}

export const oddNumberCases: readonly DurableCase[] = [
  ...ODD_TIMES.map(oddDelay),
  ...ODD_TIMES.map(oddLease),
  ...[NaN, Infinity, -1, 1.5].map(oddStart),
  {
    name: 'odd numbers: a limit of 0 or less takes, settles and prunes nothing',
    async run(harness) {
      const { store } = harness;
      const types = { except: [] };
      await makeDone(harness, deliveries(3));
      await recordInOrder(harness, 11, 12, 13);
      await tick(harness);
      for (const limit of [0, -1, -1_000]) {
        const batch = await call(store, 'takeDue', { limit, leaseMs: LONG_LEASE_MS });
        if (batch !== REFUSED) deepEqual(batch, [], `taken up to ${limit}`);
        const settled = await call(store, 'settleUnhandled', { types, dueForMs: 0, limit });
        if (settled !== REFUSED) equal(settled, 0, `settled up to ${limit}`);
        const pruned = await call(store, 'prune', { doneForMs: 0, keepKeysMs: 0, limit });
        if (pruned !== REFUSED) equal(pruned, 0, `pruned up to ${limit}`);
        const { due, running, done } = await store.stats();
        deepEqual({ due, running, done }, { due: 3, running: 0, done: 3 }, `up to ${limit}`);
      }
    },
  },
  {
    name: 'odd numbers: pruning what has been done for NaN ms drops nothing',
    async run(harness) {
      const { store } = harness;
      await makeDone(harness, [delivery(1)]);
      const pruned = await call(store, 'prune', { doneForMs: NaN, limit: 10 });
      if (pruned !== REFUSED) equal(pruned, 0);
      equal((await store.get(keyOf(1)))?.state, 'done');
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      await tick(harness);
      const forgotten = await call(store, 'prune', { doneForMs: 0, keepKeysMs: NaN, limit: 10 });
      if (forgotten !== REFUSED) equal(forgotten, 0);
      deepEqual(await store.record(delivery(1)), { status: 'duplicate', state: 'done' });
    },
  },
];
