import { deepEqual, equal, ok } from 'node:assert/strict';
import { fieldOf, hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import type { StoreProcess } from '../support/store-process.js';
import { deliveries, delivery, keyOf, keysOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, takeNext } from './taking.js';

const PROCESSES = 4;

/** Every process takes until nothing is left; stops when more than `most` came. */
async function takeAllIn(
  processes: readonly StoreProcess[],
  { limit, most }: { limit: number; most: number },
): Promise<unknown[]> {
  const taken: unknown[] = [];
  const drain = async (one: StoreProcess): Promise<void> => {
    for (;;) {
      const batch = await one.call('takeDue', { limit, leaseMs: LONG_LEASE_MS });
      ok(Array.isArray(batch), 'takeDue in another process gave no array');
      taken.push(...batch);
      if (batch.length === 0 || taken.length > most) return;
    }
  };
  // Three hands each: a process must not get in its own way either.
  await Promise.all(processes.flatMap((one) => [drain(one), drain(one), drain(one)]));
  return taken;
}

const texts = (some: readonly unknown[], name: string) =>
  some.map((one) => String(fieldOf(one, name)));

export const processCases: readonly DurableCase[] = [
  {
    name: 'processes: four that take at once never get the same delivery',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      const processes = await harness.openProcesses(PROCESSES);
      const all = deliveries(300);
      await Promise.all(all.map(async (one) => harness.store.record(one)));
      const taken = await takeAllIn(processes, { limit: 5, most: 300 });
      sameMembers(texts(taken, 'key'), keysOf(all), 'what was taken');
      equal(new Set(texts(taken, 'token')).size, 300, 'a token was given twice');
      await nothingDue(harness);
    },
  },
  {
    name: 'processes: of four that record the same keys at once one each is first',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      const processes = await harness.openProcesses(PROCESSES);
      const all = deliveries(100);
      const records = all.flatMap((one) => processes.map(async (p) => p.call('record', one)));
      const outcomes = texts(await Promise.all(records), 'status');
      deepEqual(
        ['recorded', 'duplicate'].map((said) => outcomes.filter((one) => one === said).length),
        [100, 300],
      );
      equal((await harness.store.stats()).due, 100);
    },
  },
  {
    name: 'processes: what a killed one held is taken over once its lease has lapsed',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      await harness.store.record(delivery(1));
      const [victim] = await harness.openProcesses(1);
      const [taken] = texts(await takeWith(victim, harness.leaseMs), 'key');
      equal(taken, keyOf(1));
      await victim?.kill();
      hasFields(await takeNext(harness), { key: keyOf(1), started: 1, lapsed: true }, 'taken over');
    },
  },
  {
    name: 'processes: what a killed one recorded is there',
    needs: 'sharedBetweenProcesses',
    async run(harness) {
      const [victim] = await harness.openProcesses(1);
      const all = deliveries(40);
      await Promise.all(all.map(async (one) => victim?.call('record', one)));
      await victim?.kill();
      equal((await harness.store.stats()).due, 40);
      equal((await takeNext(harness)).started, 1);
    },
  },
];

async function takeWith(one: StoreProcess | undefined, leaseMs: number): Promise<unknown[]> {
  const taken = await one?.call('takeDue', { limit: 1, leaseMs });
  return Array.isArray(taken) ? taken : [];
}
