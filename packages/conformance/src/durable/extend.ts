import { equal } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import type { DurableCase } from '../support/store-harness.js';
import { pass } from '../support/waiting.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, nothingDue, takeAndLapse, takeNext } from './taking.js';

export const extendCases: readonly DurableCase[] = [
  {
    name: 'extend: a renewed lease holds',
    async run(harness) {
      await harness.store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs: harness.leaseMs });
      equal(await harness.store.extend(taken, { leaseMs: LONG_LEASE_MS, succeeded: [] }), 'ok');
      await pass(harness, harness.leaseMs * 2);
      await nothingDue(harness);
      const stored = await harness.store.get(keyOf(1));
      hasFields(stored, { state: 'running', started: 1, finished: 0 }, 'renewed');
    },
  },
  {
    name: 'extend: remembers handlers that succeeded, each once, past a lapsed lease',
    async run(harness) {
      const { store, leaseMs } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs });
      await store.extend(taken, { leaseMs, succeeded: ['a'] });
      await store.extend(taken, { leaseMs, succeeded: ['b', 'a'] });
      await store.extend(taken, { leaseMs, succeeded: [] });
      sameMembers((await store.get(keyOf(1)))?.succeeded ?? [], ['a', 'b'], 'get');
      sameMembers((await takeNext(harness)).succeeded, ['a', 'b'], 'taken again');
    },
  },
  {
    name: 'extend: counts a start when asked, and only then',
    async run(harness) {
      const { store, leaseMs } = harness;
      await store.record(delivery(1));
      await takeAndLapse(harness);
      const recovered = await takeNext(harness, { leaseMs });
      await store.extend(recovered, { leaseMs, succeeded: [] });
      hasFields(await store.get(keyOf(1)), { started: 1, finished: 0 }, 'not asked');
      await store.extend(recovered, { leaseMs, succeeded: [], start: 2 });
      hasFields(await store.get(keyOf(1)), { started: 2, finished: 0 }, 'asked');
      hasFields(await takeNext(harness), { started: 2, finished: 0, lapsed: true }, 'taken again');
    },
  },
];
