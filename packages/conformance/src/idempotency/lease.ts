import { deepEqual, equal } from 'node:assert/strict';
import { eventually, pass, startWatch } from '../support/waiting.js';
import {
  claimNext,
  LONG,
  tokenOf,
  type IdempotencyHarness,
  type IdempotencyCase,
} from './claiming.js';

interface Takeover {
  readonly stale: string;
  readonly current: string;
}

/** A claim that lapsed and the one that came after it. */
async function takeOver(harness: IdempotencyHarness): Promise<Takeover> {
  const stale = tokenOf(await harness.store.claim('k', { leaseMs: harness.leaseMs }));
  await pass(harness, harness.leaseMs);
  return { stale, current: await claimNext(harness, 'k') };
}

export const leaseCases: readonly IdempotencyCase[] = [
  {
    name: 'lease: while it holds nobody else claims the key',
    async run(harness) {
      tokenOf(await harness.store.claim('k', LONG));
      await pass(harness, harness.leaseMs);
      deepEqual(await harness.store.claim('k', LONG), { status: 'running' });
    },
  },
  {
    name: 'lease: once lapsed the key can be claimed, by a new token',
    async run(harness) {
      const watch = startWatch();
      const first = tokenOf(await harness.store.claim('k', { leaseMs: harness.leaseMs }));
      const second = await claimNext(harness, 'k');
      watch.assertAtLeast(harness, harness.leaseMs, 'claimed again');
      equal(new Set([first, second]).size, 2);
      deepEqual(await harness.store.claim('k', LONG), { status: 'running' });
    },
  },
  {
    name: 'lease: of many claims of a lapsed key one is claimed',
    async run(harness) {
      tokenOf(await harness.store.claim('k', { leaseMs: harness.leaseMs }));
      await pass(harness, harness.leaseMs);
      const claimed = await eventually(harness, 'a claim', async () => {
        const claims = Array.from({ length: 30 }, async () => harness.store.claim('k', LONG));
        const said = (await Promise.all(claims)).filter(({ status }) => status === 'claimed');
        return said.length === 0 ? undefined : said;
      });
      equal(claimed.length, 1);
    },
  },
  {
    name: 'stale claim: complete is refused and changes nothing',
    async run(harness) {
      const { stale, current } = await takeOver(harness);
      equal(await harness.store.complete('k', stale), false);
      deepEqual(await harness.store.claim('k', LONG), { status: 'running' });
      equal(await harness.store.complete('k', current), true);
    },
  },
  {
    name: 'stale claim: release is refused and changes nothing',
    async run(harness) {
      const { stale, current } = await takeOver(harness);
      equal(await harness.store.release('k', stale), false);
      deepEqual(await harness.store.claim('k', LONG), { status: 'running' });
      equal(await harness.store.complete('k', current), true);
      deepEqual(await harness.store.claim('k', LONG), { status: 'done' });
    },
  },
];
