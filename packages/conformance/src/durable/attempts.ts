import { deepEqual, equal, match } from 'node:assert/strict';
import { KEPT_ATTEMPTS, type AttemptRecord } from '@qbitflow/core/store';
import { hasFields } from '../support/asserting.js';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { tick } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { buryNext, completeNext, makeTombstones, takeAndLapse, takeNext } from './taking.js';

/** An attempt as a worker tells it; different numbers differ in everything. */
function attempt(number: number, facts: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    number,
    startedAt: 1_790_856_000_000 + number,
    durationMs: 12.5 + number,
    outcome: 'retried',
    holder: `web-${number}:4711`,
    handlers: [
      { handler: 'mail', durationMs: 2 },
      { handler: 'ship', durationMs: 10 + number, error: `no ${number}`, stack: 'Error: no\n  at' },
    ],
    ...facts,
  };
}

const AGAIN = { delayMs: 0, error: 'x', succeeded: [] } as const;

/** What is kept of delivery 1, oldest first. */
async function attemptsOf({ store }: Pick<DurableHarness, 'store'>, number = 1) {
  return [...((await store.get(keyOf(number)))?.attempts ?? [])];
}

/** Takes delivery 1 and has it fail, once for each number. */
async function failEach(harness: DurableHarness, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const taken = await takeNext(harness);
    equal(await harness.store.retry(taken, { ...AGAIN, attempt: attempt(number) }), 'ok');
  }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

export const attemptCases: readonly DurableCase[] = [
  {
    name: 'attempts: none before the first has ended',
    needs: 'keepsHistory',
    async run(harness) {
      await harness.store.record(delivery(1));
      deepEqual(await attemptsOf(harness), []);
      const taken = await takeNext(harness);
      await harness.store.extend(taken, { leaseMs: 60_000, succeeded: ['a'] });
      deepEqual(await attemptsOf(harness), []);
    },
  },
  {
    name: 'attempts: kept as they are on every ending, oldest first',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const released = attempt(1, { outcome: 'released', handlers: [] });
      const handBack = { ...AGAIN, counted: false, attempt: released };
      equal(await store.retry(await takeNext(harness), handBack), 'ok');
      await failEach(harness, [2]);
      const dead = attempt(3, { outcome: 'dead' });
      const hopeless = { error: 'hopeless', succeeded: [], attempt: dead };
      equal(await store.bury(await takeNext(harness), hopeless), 'ok');
      deepEqual(await attemptsOf(harness), [released, attempt(2), dead]);
      equal(await store.replay(keyOf(1)), true);
      const handler = { handler: 'ship', durationMs: 3 };
      const done = attempt(1, { outcome: 'done', handlers: [handler] });
      const { holder: _holder, ...nameless } = done;
      equal(
        await store.complete(await takeNext(harness), { succeeded: [], attempt: nameless }),
        'ok',
      );
      deepEqual(await attemptsOf(harness), [released, attempt(2), dead, nameless]);
    },
  },
  {
    name: `attempts: the newest ${KEPT_ATTEMPTS} are kept, across a replay too`,
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await failEach(harness, upTo(KEPT_ATTEMPTS + 3));
      deepEqual(
        await attemptsOf(harness),
        upTo(KEPT_ATTEMPTS).map((number) => attempt(number + 3)),
      );
      const last = attempt(KEPT_ATTEMPTS + 4, { outcome: 'dead' });
      await store.bury(await takeNext(harness), { error: 'x', succeeded: [], attempt: last });
      equal(await store.replay(keyOf(1)), true);
      const kept = [...upTo(KEPT_ATTEMPTS - 1).map((number) => attempt(number + 4)), last];
      deepEqual(await attemptsOf(harness), kept);
      await failEach(harness, [1]);
      deepEqual(await attemptsOf(harness), [...kept.slice(1), attempt(1)]);
    },
  },
  {
    name: 'attempts: an ending that tells none adds none and drops none',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await failEach(harness, [1]);
      await store.retry(await takeNext(harness), AGAIN);
      await buryNext(harness);
      await store.replay(keyOf(1));
      await completeNext(harness);
      deepEqual(await attemptsOf(harness), [attempt(1)]);
      equal(await store.replay(keyOf(1)), true, 'a replay of what is done');
      deepEqual(await attemptsOf(harness), [attempt(1)]);
    },
  },
  {
    name: 'attempts: each delivery has its own',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await failEach(harness, [1]);
      await store.record(delivery(2));
      await tick(harness);
      deepEqual(await attemptsOf(harness, 2), []);
      deepEqual(await attemptsOf(harness), [attempt(1)]);
    },
  },
  {
    name: 'attempts: those of a lost claim are not kept',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const stale = await takeAndLapse(harness);
      const current = await takeNext(harness);
      const late = attempt(1);
      equal(await store.complete(stale, { succeeded: [], attempt: late }), 'lost');
      equal(await store.retry(stale, { ...AGAIN, attempt: late }), 'lost');
      equal(await store.bury(stale, { error: 'x', succeeded: [], attempt: late }), 'lost');
      deepEqual(await attemptsOf(harness), []);
      equal(await store.complete(current, { succeeded: [], attempt: attempt(2) }), 'ok');
      deepEqual(await attemptsOf(harness), [attempt(2)]);
    },
  },
  {
    name: 'attempts: left out of pages',
    needs: 'keepsHistory',
    async run(harness) {
      await harness.store.record(delivery(1));
      await failEach(harness, [1]);
      const [item] = (await harness.store.list({})).items;
      hasFields(item, { key: keyOf(1), attempts: undefined }, 'listed');
    },
  },
  {
    name: 'attempts: gone with the delivery, and none of a key that was forgotten',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await failEach(harness, [1]);
      await buryNext(harness);
      equal(await store.discard(keyOf(1)), true);
      equal(await store.get(keyOf(1)), undefined);
      await store.record(delivery(2));
      const taken = await takeNext(harness);
      await store.complete(taken, { succeeded: [], attempt: attempt(2) });
      await makeTombstones(harness, [delivery(3)]);
      await tick(harness);
      await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 });
      await tick(harness);
      await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 });
      for (const number of [1, 2]) {
        deepEqual(await store.record(delivery(number)), { status: 'recorded' });
        deepEqual(await attemptsOf(harness, number), [], 'of a key that was forgotten');
      }
    },
  },
  {
    name: 'attempts: texts of any characters stop no delivery, and change no other text',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const odd = 'start\u0000\ud800\n"\'\\%{}[]\u20ac\u{1f600} end';
      const handlers = [
        { handler: `"it's",{\\}`, durationMs: 1, error: odd, stack: odd },
        { handler: 'gr\u00f6\u00dfe', durationMs: 0, error: '', stack: 's'.repeat(2_000) },
      ];
      const told = attempt(1, { handlers });
      equal(await store.retry(await takeNext(harness), { ...AGAIN, attempt: told }), 'ok');
      const [kept] = await attemptsOf(harness);
      const [first, second] = kept?.handlers ?? [];
      equal(first?.handler, handlers[0]?.handler);
      const end = /^start[^]*\n"'\\%\{\}\[\]\u20ac\u{1f600} end$/u;
      match(first?.error ?? '', end);
      match(first?.stack ?? '', end);
      deepEqual(second, handlers[1]);
    },
  },
  {
    name: 'attempts: kept where a transaction completes the delivery, not where it is rolled back',
    needs: ['keepsHistory', 'joinsTransactions'],
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness);
      const done = { succeeded: ['ship'], done: true, attempt: attempt(1, { outcome: 'done' }) };
      const failing = harness.transaction(async (tx) => {
        await store.completeWithin?.(tx, taken, done);
        throw new Error('the handler failed');
      });
      await failing.catch(() => undefined);
      deepEqual(await attemptsOf(harness), []);
      await harness.transaction(async (tx) => {
        equal(await store.completeWithin?.(tx, taken, done), 'ok');
      });
      deepEqual(await attemptsOf(harness), [done.attempt]);
    },
  },
  {
    name: 'attempts: a restart keeps them',
    needs: ['keepsHistory', 'survivesRestart'],
    async run(harness) {
      await harness.store.record(delivery(1));
      await failEach(harness, [1, 2]);
      const store = await harness.reopen();
      deepEqual(await attemptsOf({ store }), [attempt(1), attempt(2)]);
    },
  },
];
