import { deepEqual, equal, ok } from 'node:assert/strict';
import type { NewDelivery, TakenDelivery } from '@qbitflow/core';
import { fieldOf, hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import {
  LONG_LEASE_MS,
  makeTombstones,
  nothingDue,
  takeAll,
  takeNext,
  takesInOrder,
} from './taking.js';

/** What the taker knows: what it recorded, and what the store said. */
function takenOf(recorded: NewDelivery, outcome: unknown): TakenDelivery | undefined {
  const taken = fieldOf(outcome, 'taken');
  if (taken === undefined) return undefined;
  const token = fieldOf(taken, 'token');
  const dueSince = fieldOf(taken, 'dueSince');
  ok(typeof token === 'string' && token !== '', 'taken without a token');
  ok(typeof dueSince === 'number', 'taken without `dueSince`');
  return { ...recorded, token, dueSince, started: 1, finished: 0, lapsed: false, succeeded: [] };
}

/** Records with a lease and gives the claim; where the store leaves it due, `takeDue` gives it. */
async function recordTaken(
  harness: DurableHarness,
  one: NewDelivery,
  leaseMs = LONG_LEASE_MS,
): Promise<TakenDelivery> {
  const outcome = await harness.store.record(one, { leaseMs });
  equal(outcome.status, 'recorded');
  return takenOf(one, outcome) ?? takeNext(harness, { leaseMs });
}

/** A lease that means nothing is refused before anything is recorded, or becomes one that lapses. */
function oddLease(leaseMs: unknown): DurableCase {
  return {
    name: `record and take: a lease of ${String(leaseMs)} ms is refused, nothing recorded, or lapses`,
    async run(harness) {
      const { store } = harness;
      try {
        await Reflect.apply(Reflect.get(store, 'record'), store, [delivery(1), { leaseMs }]);
      } catch (error) {
        equal(fieldOf(error, 'code'), 'misconfigured', `record rejects with ${String(error)}`);
        equal(await store.get(keyOf(1)), undefined, 'refused');
        deepEqual(await store.record(delivery(1)), { status: 'recorded' });
      }
      const taken = await takeNext(harness);
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
    },
  };
}

export const recordAndTakeCases: readonly DurableCase[] = [
  {
    name: 'record and take: it is running, started once and taken by nobody else',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      await nothingDue(harness);
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'running', started: 1, finished: 0, succeeded: [] }, 'as taken');
      equal(taken.dueSince, stored?.recordedAt, 'due since it was recorded');
      const { due, running, oldestDueAgeMs } = await store.stats();
      deepEqual({ due, running, oldestDueAgeMs }, { due: 0, running: 1, oldestDueAgeMs: 0 });
      deepEqual(keysOf((await store.list({ state: 'running' })).items), [keyOf(1)]);
      const settled = { types: { except: [] }, dueForMs: 0, limit: 10 };
      equal(await store.settleUnhandled(settled), 0, 'settled what is running');
    },
  },
  {
    name: 'record and take: its claim renews and completes it, and then no more',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      const renewal = { leaseMs: LONG_LEASE_MS, succeeded: ['a'] };
      equal(await store.extend(taken, renewal), 'ok');
      equal(await store.complete(taken, { succeeded: ['b'] }), 'ok');
      const stored = await store.get(keyOf(1));
      hasFields(stored, { state: 'done', started: 1, finished: 1 }, 'completed');
      sameMembers(stored?.succeeded ?? [], ['a', 'b'], 'the handlers that succeeded');
      equal(await store.complete(taken, { succeeded: [] }), 'lost');
      await nothingDue(harness);
    },
  },
  {
    name: 'record and take: its claim makes it due again, body and counters like any other',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      equal(await store.retry(taken, { delayMs: 0, error: 'no', succeeded: ['a'] }), 'ok');
      const again = await takeNext(harness);
      const counts = { started: 2, finished: 1, lapsed: false, dueSince: taken.dueSince } as const;
      hasFields(again, { key: keyOf(1), ...counts }, 'taken again');
      deepEqual(Buffer.from(again.raw), Buffer.from(delivery(1).raw));
      deepEqual(again.headers, delivery(1).headers);
      equal(await store.complete(taken, { succeeded: [] }), 'lost');
    },
  },
  {
    name: 'record and take: its claim buries it',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      equal(await store.bury(taken, { error: 'hopeless', succeeded: [] }), 'ok');
      const dead = { state: 'dead', started: 1, finished: 1, lastError: 'hopeless' } as const;
      hasFields(await store.get(keyOf(1)), dead, 'buried');
      equal(await store.replay(keyOf(1)), true);
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: false }, 'replayed');
    },
  },
  {
    name: 'record and take: handed back uncounted it is due at once as if it had not been taken',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      const back = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };
      equal(await store.retry(taken, back), 'ok');
      hasFields(await store.get(keyOf(1)), { state: 'due', started: 0, finished: 0 }, 'back');
      hasFields(await takeNext(harness), { started: 1, finished: 0, lapsed: false }, 'taken again');
    },
  },
  {
    name: 'record and take: completed within a transaction',
    needs: 'joinsTransactions',
    async run(harness) {
      const { store } = harness;
      const taken = await recordTaken(harness, delivery(1));
      await harness.transaction(async (tx) => {
        const done = { succeeded: ['a'], done: true };
        equal(await store.completeWithin?.(tx, taken, done), 'ok');
      });
      hasFields(await store.get(keyOf(1)), { state: 'done', finished: 1 }, 'committed');
    },
  },
  {
    name: 'record and take: once its lease has lapsed anybody may take it, and the first claim is lost',
    async run(harness) {
      const { store, leaseMs } = harness;
      const first = await recordTaken(harness, delivery(1), leaseMs);
      await pass(harness, leaseMs);
      const second = await takeNext(harness);
      hasFields(second, { key: keyOf(1), started: 1, finished: 0, lapsed: true }, 'taken over');
      equal(await store.complete(first, { succeeded: [] }), 'lost');
      equal(await store.complete(second, { succeeded: [] }), 'ok');
    },
  },
  {
    name: 'record and take: a duplicate is never taken, and takes nothing away',
    async run(harness) {
      const { store } = harness;
      const lease = { leaseMs: LONG_LEASE_MS };
      await store.record(delivery(1));
      deepEqual(await store.record(delivery(1), lease), { status: 'duplicate', state: 'due' });
      const waiting = await takeNext(harness);
      hasFields(waiting, { key: keyOf(1), started: 1 }, 'it was due all the time');
      const taken = await recordTaken(harness, delivery(2));
      deepEqual(await store.record(delivery(2), lease), { status: 'duplicate', state: 'running' });
      equal(await store.complete(taken, { succeeded: [] }), 'ok');
      deepEqual(await store.record(delivery(2), lease), { status: 'duplicate', state: 'done' });
      equal(await store.bury(waiting, { error: 'no', succeeded: [] }), 'ok');
      deepEqual(await store.record(delivery(1), lease), { status: 'duplicate', state: 'dead' });
      await makeTombstones(harness, [delivery(3)]);
      deepEqual(await store.record(delivery(3), lease), { status: 'duplicate', state: 'done' });
      await nothingDue(harness);
    },
  },
  {
    name: 'record and take: what is dead or unhandled on arrival is taken by nobody',
    async run(harness) {
      const { store } = harness;
      const lease = { leaseMs: LONG_LEASE_MS };
      const dead = delivery(1, { dead: 'unreadable' });
      const unhandled = delivery(2, { unhandled: 'test money' });
      deepEqual(await store.record(dead, lease), { status: 'recorded' });
      deepEqual(await store.record(unhandled, lease), { status: 'recorded' });
      hasFields(await store.get(keyOf(1)), { state: 'dead', started: 0 }, 'dead on arrival');
      hasFields(await store.get(keyOf(2)), { state: 'done', started: 0 }, 'unhandled');
      await nothingDue(harness);
    },
  },
  {
    name: 'record and take: in a burst every record gets its own answer, and every claim its own delivery',
    async run(harness) {
      const { store } = harness;
      const burst = deliveries(60);
      const isLeased = (index: number) => index % 3 !== 0;
      const both = [...burst, ...burst.slice(0, 9)];
      const outcomes = await Promise.all(
        both.map(async (one, index) =>
          isLeased(index) ? store.record(one, { leaseMs: LONG_LEASE_MS }) : store.record(one),
        ),
      );
      const fresh = outcomes.filter(({ status }) => status === 'recorded');
      equal(fresh.length, burst.length, 'recorded more or less than once each');
      const claims = both.flatMap((one, index) => takenOf(one, outcomes[index]) ?? []);
      const due = await takeAll([store], { limit: 100, most: burst.length });
      sameMembers(keysOf([...claims, ...due]), keysOf(burst), 'taken, each once');
      equal(new Set([...claims, ...due].map(({ token }) => token)).size, burst.length);
      for (const [index, claim] of claims.entries()) {
        const { key } = claims[(index + 1) % claims.length] ?? claim;
        const isOwn = key === claim.key;
        const renewal = { leaseMs: LONG_LEASE_MS, succeeded: [] };
        const foreign = await store.extend({ key, token: claim.token }, renewal);
        equal(foreign, isOwn ? 'ok' : 'lost', 'a claim is good for another delivery');
      }
      for (const claim of [...claims, ...due])
        equal(await store.complete(claim, { succeeded: [] }), 'ok', claim.key);
    },
  },
  {
    name: 'record and take: without a lease, or with none given, it waits for a taker',
    async run(harness) {
      const { store } = harness;
      deepEqual(await store.record(delivery(1), {}), { status: 'recorded' });
      const none = { leaseMs: undefined };
      deepEqual(await store.record(delivery(2), none), { status: 'recorded' });
      equal((await store.stats()).due, 2);
      sameMembers(
        keysOf(await takeAll([store], { limit: 10, most: 2 })),
        [keyOf(1), keyOf(2)],
        'taken',
      );
    },
  },
  {
    name: 'record and take: what was left due before is still taken first',
    async run(harness) {
      const { store } = harness;
      for (const number of [1, 2]) await store.record(delivery(number));
      const taken = await store.record(delivery(3), { leaseMs: LONG_LEASE_MS });
      const left = takenOf(delivery(3), taken) === undefined ? [1, 2, 3] : [1, 2];
      await takesInOrder(
        store,
        left.map((number) => delivery(number)),
        { limit: 1 },
      );
    },
  },
  {
    name: 'record and take: of one key recorded at once by fifty one at most takes it',
    async run(harness) {
      const { store } = harness;
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, async () =>
          store.record(delivery(1), { leaseMs: LONG_LEASE_MS }),
        ),
      );
      const claims = outcomes.flatMap((outcome) => takenOf(delivery(1), outcome) ?? []);
      equal(outcomes.filter(({ status }) => status === 'recorded').length, 1);
      const due = await takeAll([store], { limit: 10, most: 2 });
      equal(claims.length + due.length, 1, 'taken more or less than once');
      for (const claim of [...claims, ...due])
        equal(await store.complete(claim, { succeeded: [] }), 'ok');
    },
  },
  ...[NaN, Infinity, -5, 1e16].map(oddLease),
];
