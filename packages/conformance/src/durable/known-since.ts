import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableStore, RecordOutcome } from '@qbitflow/core';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { pass, tick } from '../support/waiting.js';
import { deliveries, delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, completeNext, makeTombstones, recordEach, takeNext } from './taking.js';
import { KNOWN } from './tombstones.js';

/** Longer than any store takes to be made, in ms. */
const JUST_NOW_MS = 60_000;

/** Completes the next delivery and resolves with when that was, by the store's clock. */
async function doneAt(harness: DurableHarness): Promise<number> {
  const { key } = await completeNext(harness);
  const at = (await harness.store.get(key))?.at ?? 0;
  await tick(harness);
  return at;
}

async function forget(store: DurableStore, keepKeysMs: number, limit: number): Promise<number> {
  return store.prune({ doneForMs: LONG_LEASE_MS, keepKeysMs, limit });
}

export const knownSinceCases: readonly DurableCase[] = [
  {
    name: 'knownSince: since the store was made, also where nobody asked before the first record',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await pass(harness, 20);
      const [since, recordedAt] = [
        await store.knownSince(),
        (await store.get(keyOf(1)))?.recordedAt ?? 0,
      ];
      ok(since <= recordedAt, 'it says that it does not know its first key');
      ok(since > recordedAt - JUST_NOW_MS, 'it says that it knows what came before it was made');
    },
  },
  {
    name: 'knownSince: stays where it is while no key is forgotten',
    async run(harness) {
      const { store } = harness;
      const since = await store.knownSince();
      await makeTombstones(harness, deliveries(3));
      await store.record(delivery(4, { dead: 'unreadable' }));
      await store.discard(keyOf(4));
      await recordEach(harness, [delivery(5), delivery(6, { unhandled: 'test money' })]);
      await takeNext(harness);
      await store.init?.();
      await store.prune({ doneForMs: 0, keepKeysMs: LONG_LEASE_MS, limit: 10 });
      equal(await store.knownSince(), since);
    },
  },
  {
    name: 'knownSince: since the newest key that was forgotten was done',
    async run(harness) {
      const { store, granularityMs } = harness;
      await recordEach(harness, deliveries(4));
      const times = [await doneAt(harness), await doneAt(harness), await doneAt(harness)];
      times.push(await doneAt(harness));
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 4);
      ok((await store.knownSince()) < Math.min(...times), 'a body that was dropped is no key');
      await pass(harness, 20);
      equal(await forget(store, 0, 2), 2);
      const since = await store.knownSince();
      const outcomes: RecordOutcome[] = [];
      for (const one of deliveries(4)) outcomes.push(await store.record(one));
      const forgotten = times.filter((_, index) => outcomes[index]?.status === 'recorded');
      equal(forgotten.length, 2, 'two keys can be recorded again');
      const offMs = since - Math.max(...forgotten);
      ok(Math.abs(offMs) <= granularityMs, `${offMs} ms after the newest key that was forgotten`);
    },
  },
  {
    name: 'knownSince: since a discarded key was discarded, once that is forgotten',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, [delivery(1, { dead: 'unreadable' }), delivery(2)]);
      const before = await doneAt(harness);
      equal(await store.discard(keyOf(1)), true);
      await tick(harness);
      equal(await forget(store, 0, 10), 1);
      ok((await store.knownSince()) >= before, 'it was discarded later than that');
    },
  },
  {
    name: 'knownSince: whatever was done after it is known',
    async run(harness) {
      const { store } = harness;
      await recordEach(harness, deliveries(8));
      const times = new Map<number, number>();
      for (let count = 0; count < 8; count += 1) {
        const taken = await takeNext(harness);
        await store.complete(taken, { succeeded: [] });
        times.set(Number(taken.id.slice('evt_'.length)), (await store.get(taken.key))?.at ?? 0);
        await tick(harness);
      }
      await store.prune({ doneForMs: 0, limit: 10 });
      await tick(harness);
      equal(await forget(store, 0, 3), 3);
      const since = await store.knownSince();
      const known = [...times].filter(([, at]) => at > since);
      for (const [number] of known) deepEqual(await store.record(delivery(number)), KNOWN);
      await forget(store, 0, 10);
      ok((await store.knownSince()) >= Math.max(...times.values()) - 1, 'all are forgotten');
    },
  },
  {
    name: 'knownSince: every connection says the same, before and after keys are forgotten',
    needs: 'sharedBetweenConnections',
    async run(harness) {
      const since = await harness.store.knownSince();
      await pass(harness, 20);
      const [other, another] = await Promise.all([harness.openSecond(), harness.openSecond()]);
      equal(await other.knownSince(), since);
      equal(await another.knownSince(), since);
      await makeTombstones(harness, [delivery(1)]);
      equal(await forget(other, 0, 10), 1);
      const later = await other.knownSince();
      ok(later > since, 'a key was forgotten');
      equal(await harness.store.knownSince(), later);
      equal(await another.knownSince(), later);
    },
  },
  {
    name: 'knownSince: a restart keeps it, before and after keys are forgotten',
    needs: 'survivesRestart',
    async run(harness) {
      const since = await harness.store.knownSince();
      await pass(harness, 20);
      const store = await harness.reopen();
      equal(await store.knownSince(), since);
      await store.record(delivery(1));
      await store.complete(await takeNext(harness, { store }), { succeeded: [] });
      await tick(harness);
      equal(await store.prune({ doneForMs: 0, limit: 10 }), 1);
      equal(await forget(store, 0, 10), 1);
      const later = await store.knownSince();
      ok(later > since, 'a key was forgotten');
      equal(await (await harness.reopen()).knownSince(), later);
    },
  },
];
