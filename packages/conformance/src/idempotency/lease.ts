import { deepEqual, equal } from 'node:assert/strict';
import { eventually, pass, startWatch } from '../support/waiting.js';
import { claimNext, LONG, tokenOf, type IdempotencyBench, type IdempotencyCase } from './case.js';

interface Takeover {
  readonly stale: string;
  readonly current: string;
}

/** A claim that lapsed and the one that came after it. */
async function takeOver(bench: IdempotencyBench): Promise<Takeover> {
  const stale = tokenOf(await bench.store.claim('k', { leaseMs: bench.leaseMs }));
  await pass(bench, bench.leaseMs);
  return { stale, current: await claimNext(bench, 'k') };
}

export const leaseCases: readonly IdempotencyCase[] = [
  {
    name: 'lease: while it holds nobody else claims the key',
    async run(bench) {
      tokenOf(await bench.store.claim('k', LONG));
      await pass(bench, bench.leaseMs);
      deepEqual(await bench.store.claim('k', LONG), { status: 'running' });
    },
  },
  {
    name: 'lease: once lapsed the key can be claimed, by a new token',
    async run(bench) {
      const watch = startWatch();
      const first = tokenOf(await bench.store.claim('k', { leaseMs: bench.leaseMs }));
      const second = await claimNext(bench, 'k');
      watch.assertAtLeast(bench, bench.leaseMs, 'claimed again');
      equal(new Set([first, second]).size, 2);
      deepEqual(await bench.store.claim('k', LONG), { status: 'running' });
    },
  },
  {
    name: 'lease: of many claims of a lapsed key one is claimed',
    async run(bench) {
      tokenOf(await bench.store.claim('k', { leaseMs: bench.leaseMs }));
      await pass(bench, bench.leaseMs);
      const claimed = await eventually(bench, 'a claim', async () => {
        const claims = Array.from({ length: 30 }, async () => bench.store.claim('k', LONG));
        const said = (await Promise.all(claims)).filter(({ status }) => status === 'claimed');
        return said.length === 0 ? undefined : said;
      });
      equal(claimed.length, 1);
    },
  },
  {
    name: 'stale claim: complete is refused and changes nothing',
    async run(bench) {
      const { stale, current } = await takeOver(bench);
      equal(await bench.store.complete('k', stale), false);
      deepEqual(await bench.store.claim('k', LONG), { status: 'running' });
      equal(await bench.store.complete('k', current), true);
    },
  },
  {
    name: 'stale claim: release is refused and changes nothing',
    async run(bench) {
      const { stale, current } = await takeOver(bench);
      equal(await bench.store.release('k', stale), false);
      deepEqual(await bench.store.claim('k', LONG), { status: 'running' });
      equal(await bench.store.complete('k', current), true);
      deepEqual(await bench.store.claim('k', LONG), { status: 'done' });
    },
  },
];
