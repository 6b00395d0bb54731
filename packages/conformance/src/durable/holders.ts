import { equal, ok } from 'node:assert/strict';
import type { StoredDelivery } from '@qbitflow/core/store';
import { hasFields } from '../support/asserting.js';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { delivery, keyOf } from './delivery.js';
import { LONG_LEASE_MS, takeAndLapse, takeNext } from './taking.js';

/** Printable ASCII of 64 characters, and some that trips quoting. */
const LONGEST = `it's-"a"-{host}:%_\\1${'x'.repeat(44)}`;

async function stored({ store }: DurableHarness): Promise<StoredDelivery | undefined> {
  return store.get(keyOf(1));
}

async function heldByNobody(harness: DurableHarness, what: string): Promise<void> {
  const facts = { holder: undefined, leaseUntil: undefined };
  hasFields(await stored(harness), facts, what);
  hasFields((await harness.store.list({})).items[0], facts, `${what}, listed`);
}

export const holderCases: readonly DurableCase[] = [
  {
    name: 'holder: who took it is told while it runs, to get and on pages, and nobody before or after',
    needs: 'keepsHistory',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await heldByNobody(harness, 'due');
      const taken = await takeNext(harness, { holder: 'web-1:4711' });
      hasFields(await stored(harness), { holder: 'web-1:4711' }, 'running');
      hasFields((await store.list({})).items[0], { holder: 'web-1:4711' }, 'running, listed');
      await store.retry(taken, { delayMs: 0, error: 'x', succeeded: [] });
      await heldByNobody(harness, 'due again');
      const again = await takeNext(harness, { holder: LONGEST });
      hasFields(await stored(harness), { holder: LONGEST }, 'running again');
      await store.bury(again, { error: 'x', succeeded: [] });
      await heldByNobody(harness, 'dead');
      await store.replay(keyOf(1));
      await store.complete(await takeNext(harness, { holder: 'b' }), { succeeded: [] });
      await heldByNobody(harness, 'done');
    },
  },
  {
    name: 'holder: of what was taken as it was recorded',
    needs: 'keepsHistory',
    async run(harness) {
      const options = { leaseMs: LONG_LEASE_MS, holder: 'web-1:4711' };
      const outcome = await harness.store.record(delivery(1), options);
      const isTaken = outcome.status === 'recorded' && outcome.taken !== undefined;
      // A store may leave it due instead: then nobody holds it.
      if (isTaken) hasFields(await stored(harness), { holder: 'web-1:4711' }, 'taken');
      else await heldByNobody(harness, 'left due');
    },
  },
  {
    name: 'holder: the next taker takes its place, also one that does not say who it is',
    needs: 'keepsHistory',
    async run(harness) {
      await harness.store.record(delivery(1));
      await takeAndLapse(harness, { holder: 'web-1:1' });
      await takeAndLapse(harness, { holder: 'web-2:2' });
      hasFields(await stored(harness), { holder: 'web-2:2' }, 'taken over');
      await takeNext(harness);
      hasFields(await stored(harness), { state: 'running', holder: undefined }, 'by nobody known');
    },
  },
  {
    name: 'holder: until when it is held, and longer once the lease is renewed',
    needs: 'keepsHistory',
    async run(harness) {
      const { store, granularityMs } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs: LONG_LEASE_MS, holder: 'a' });
      const held = await stored(harness);
      const until = held?.leaseUntil ?? 0;
      ok(until >= (held?.recordedAt ?? 0) + LONG_LEASE_MS - granularityMs, `until ${until}`);
      equal(await store.extend(taken, { leaseMs: 2 * LONG_LEASE_MS, succeeded: [] }), 'ok');
      const renewed = await stored(harness);
      hasFields(renewed, { holder: 'a' }, 'renewed');
      ok((renewed?.leaseUntil ?? 0) >= until + LONG_LEASE_MS - granularityMs, 'renewed too short');
    },
  },
  {
    name: 'holder: since when it is held, which is not until when, also once the lease is renewed',
    needs: 'keepsHistory',
    async run(harness) {
      const { store, granularityMs } = harness;
      await store.record(delivery(1));
      const taken = await takeNext(harness, { leaseMs: LONG_LEASE_MS });
      const { at = NaN, recordedAt = NaN } = (await stored(harness)) ?? {};
      const isThen = at >= recordedAt - granularityMs && at < recordedAt + LONG_LEASE_MS / 2;
      ok(isThen, `recorded at ${recordedAt} and taken at once, but said to be taken at ${at}`);
      hasFields((await store.list({})).items[0], { at }, 'listed');
      await store.extend(taken, { leaseMs: 2 * LONG_LEASE_MS, succeeded: [] });
      hasFields(await stored(harness), { at }, 'renewed');
      hasFields((await store.list({})).items[0], { at }, 'renewed, listed');
    },
  },
];
