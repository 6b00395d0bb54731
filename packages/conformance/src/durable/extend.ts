import { equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { pass } from '../support/waiting.js';
import type { DurableCase } from './case.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, takeAndLapse, takeNext } from './taking.js';

export const extendCases: readonly DurableCase[] = [
  {
    name: 'extend: a renewed lease holds',
    async run(bench) {
      await bench.store.record(delivery(1));
      const taken = await takeNext(bench, { leaseMs: bench.leaseMs });
      equal(await bench.store.extend(taken, { leaseMs: LONG_LEASE_MS, succeeded: [] }), 'ok');
      await pass(bench, bench.leaseMs * 2);
      await nothingDue(bench);
      const stored = await bench.store.get(keyOf(1));
      hasFields(stored, { state: 'running', started: 1, finished: 0 }, 'renewed');
    },
  },
  {
    name: 'extend: remembers handlers that succeeded, each once, past a lapsed lease',
    async run(bench) {
      const { store, leaseMs } = bench;
      await store.record(delivery(1));
      const taken = await takeNext(bench, { leaseMs });
      await store.extend(taken, { leaseMs, succeeded: ['a'] });
      await store.extend(taken, { leaseMs, succeeded: ['b', 'a'] });
      await store.extend(taken, { leaseMs, succeeded: [] });
      sameMembers((await store.get(keyOf(1)))?.succeeded ?? [], ['a', 'b'], 'get');
      sameMembers((await takeNext(bench)).succeeded, ['a', 'b'], 'taken again');
    },
  },
  {
    name: 'extend: counts a start when asked, and only then',
    async run(bench) {
      const { store, leaseMs } = bench;
      await store.record(delivery(1));
      await takeAndLapse(bench);
      const suspect = await takeNext(bench, { leaseMs });
      await store.extend(suspect, { leaseMs, succeeded: [] });
      hasFields(await store.get(keyOf(1)), { started: 1, finished: 0 }, 'not asked');
      await store.extend(suspect, { leaseMs, succeeded: [], start: 2 });
      hasFields(await store.get(keyOf(1)), { started: 2, finished: 0 }, 'asked');
      hasFields(await takeNext(bench), { started: 2, finished: 0, lapsed: true }, 'taken again');
    },
  },
];
