import type { DurableStore, NewDelivery, TakeOptions } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { adminOf, commandsOf } from './support/admin.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

const HOUR_MS = 3_600_000;
const take = { limit: 10, leaseMs: 60_000 };

/** Records `count` of them from `from` on, as many in a script as go in one. */
async function recordMany(
  store: DurableStore,
  count: number,
  change: (number: number) => Partial<NewDelivery>,
): Promise<void> {
  const FIRST = 1_000_000;
  for (let done = 0; done < count; done += 5_000) {
    const size = Math.min(5_000, count - done);
    // oxlint-disable-next-line no-await-in-loop -- more at once would have to be held in memory
    await Promise.all(
      Array.from({ length: size }, async (_, index) => {
        const number = FIRST + done + index;
        return store.record(payment(number, change(number)));
      }),
    );
  }
}

async function openWithAdmin() {
  const { url } = await startServer();
  return { store: await openStore('ioredis', url, { timeoutMs: 30_000 }), admin: adminOf(url) };
}

/** Piles of what may not be taken, and the takes that must not notice them. */
const PILES: readonly {
  readonly name: string;
  readonly options: TakeOptions;
  readonly pile: (store: DurableStore) => Promise<void>;
}[] = [
  {
    name: '10,000 due deliveries of another type',
    options: { ...take, types: { only: ['payment.completed'] } },
    pile: async (store) => recordMany(store, 10_000, () => ({ type: 'refund.completed' })),
  },
  {
    name: '10,000 of one excluded subject',
    options: { ...take, exceptSubjects: ['sub@1'] },
    pile: async (store) => recordMany(store, 10_000, () => ({ subject: 'sub@1' })),
  },
  {
    name: '10,000 of one subject, which may be taken once',
    options: take,
    pile: async (store) => recordMany(store, 10_000, () => ({ subject: 'sub@1' })),
  },
  {
    name: '10,000 retries that wait for their time',
    options: take,
    async pile(store) {
      await recordMany(store, 10_000, () => ({}));
      const waiting = await store.takeDue({ limit: 10_000, leaseMs: HOUR_MS });
      const retry = { delayMs: HOUR_MS, error: 'not now', succeeded: [] };
      await Promise.all(waiting.map(async (claim) => store.retry(claim, retry)));
    },
  },
];

describe.skipIf(!HAS_REDIS)('what may not be taken costs a take nothing', () => {
  test.each(PILES)(
    '$name',
    async ({ options, pile }) => {
      const { store, admin } = await openWithAdmin();
      await store.init?.();
      await pile(store);
      await store.record(payment(1));
      const keys: string[] = [];
      const count = await commandsOf(admin, async () => {
        keys.push(...(await store.takeDue(options)).map(({ key }) => key));
      });
      expect(keys).toContain(keyOf(1));
      expect(count).toBeLessThan(150);
      expect(await commandsOf(admin, async () => store.takeDue(options))).toBeLessThan(150);
    },
    120_000,
  );

  test('1,000 leases that lapsed hold up no fresh work, and each is taken again in the end', async () => {
    const { store } = await openWithAdmin();
    await recordMany(store, 1_000, () => ({}));
    await store.takeDue({ limit: 1_000, leaseMs: 0 });
    await store.record(payment(1));
    const first = await store.takeDue({ ...take, lapsedLimit: 2 });
    expect(first.filter(({ lapsed }) => lapsed)).toHaveLength(2);
    expect(first.filter(({ lapsed }) => !lapsed).map(({ key }) => key)).toEqual([keyOf(1)]);
    const rest = await store.takeDue({ limit: 1_000, leaseMs: HOUR_MS });
    const more = await store.takeDue({ limit: 1_000, leaseMs: HOUR_MS });
    const all = new Set([...first, ...rest, ...more].map(({ key }) => key));
    expect(all.size).toBe(1_001);
    expect(await store.stats()).toMatchObject({ due: 0, running: 1_001 });
  });
});

describe.skipIf(!HAS_REDIS)('order', () => {
  test('subjects stay in the order of their recording, whatever is taken between', async () => {
    const { store } = await openWithAdmin();
    const bills = [1, 2, 3].map((number) => payment(number, { subject: 'sub@1' }));
    await Promise.all(bills.map(async (bill) => store.record(bill)));
    await store.record(payment(4));
    const taken: string[][] = [];
    for (let round = 0; round < 3; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each take sees what the one before left
      const batch = await store.takeDue(take);
      taken.push(batch.map(({ key }) => key));
    }
    expect(taken).toEqual([[keyOf(1), keyOf(4)], [keyOf(2)], [keyOf(3)]]);
  });

  test('a retry that is due is older than what came while it waited', async () => {
    const { store } = await openWithAdmin();
    await store.record(payment(1));
    const [first] = await store.takeDue(take);
    if (first === undefined) throw new Error('nothing was taken');
    await store.retry(first, { delayMs: 1, error: 'once more', succeeded: [] });
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    await store.record(payment(2));
    const again = await store.takeDue(take);
    expect(again.map(({ key }) => key)).toEqual([keyOf(1), keyOf(2)]);
  });
});
