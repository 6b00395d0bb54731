import type { DurableStore, ListFilter } from '@qbitflow/core';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

const HOUR_MS = 3_600_000;
const META = '{shop}:2:meta';

async function open(): Promise<{ store: DurableStore; admin: Redis }> {
  const { url } = await startServer();
  return {
    store: await openStore('ioredis', url, { prefix: 'shop', timeoutMs: 60_000 }),
    admin: adminOf(url),
  };
}

async function keysOf(store: DurableStore, filter: ListFilter): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one page leads to the next
    const page = await store.list({ ...filter, cursor });
    keys.push(...page.items.map(({ key }) => key));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return keys;
}

/** Records some whose recording the server's clock puts at these times. */
async function recordAt(store: DurableStore, admin: Redis, times: readonly number[]) {
  for (const [index, at] of times.entries()) {
    const latest = times.slice(0, index).at(-1) ?? 0;
    const now = Date.now();
    // The same distance from what was recorded last as these times have.
    // oxlint-disable-next-line no-await-in-loop -- in this order
    if (index > 0) await admin.hset(META, 'latest', now + latest - at);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await store.record(payment(index));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await admin.hset(`{shop}:delivery:${keyOf(index)}`, 'recordedAt', at);
  }
}

describe.skipIf(!HAS_REDIS)('by time', () => {
  const at = (number: number) => 1_790_000_000_000 + number * 1_000;

  test('the first is in, the last is not, and pages leave none out', async () => {
    const { store, admin } = await open();
    const times = Array.from({ length: 100 }, (_, number) => at(number));
    await recordAt(store, admin, times);
    const range = { recordedFrom: at(10), recordedUntil: at(20) };
    const expected = [19, 18, 17, 16, 15, 14, 13, 12, 11, 10].map(keyOf);
    expect(await keysOf(store, range)).toEqual(expected);
    expect(await keysOf(store, { ...range, limit: 3 })).toEqual(expected);
    expect(await keysOf(store, { ...range, limit: 3, state: 'due' })).toEqual(expected);
    expect(await keysOf(store, { recordedFrom: at(98) })).toEqual([99, 98].map(keyOf));
    expect(await keysOf(store, { recordedUntil: at(2), limit: 1 })).toEqual([1, 0].map(keyOf));
    expect(await keysOf(store, { recordedFrom: at(200) })).toEqual([]);
    expect(await keysOf(store, { recordedUntil: at(0) })).toEqual([]);
    expect(await keysOf(store, { recordedFrom: at(9), recordedUntil: at(9) })).toEqual([]);
  });

  test('clocks that stepped back hide nothing, and what was evicted misleads nobody', async () => {
    const { store, admin } = await open();
    // Up to 60, then back to 20, on to 70, then back to 0.
    const numbers = [0, 20, 40, 60, 20, 30, 50, 70, 0, 10];
    await recordAt(store, admin, numbers.map(at));
    expect(await admin.zrange('{shop}:2:steps', '0', '-1')).toEqual(['5', '9']);
    const wanted = (from: number, to: number) =>
      numbers
        .map((number, index) => ({ number, index }))
        .filter(({ number }) => number >= from && number < to)
        .map(({ index }) => keyOf(index))
        .toReversed();
    for (const [from, to] of [
      [0, 1],
      [10, 21],
      [20, 45],
      [45, 65],
      [61, 71],
      [0, 71],
    ] as const)
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      expect(await keysOf(store, { recordedFrom: at(from), recordedUntil: at(to) })).toEqual(
        wanted(from, to),
      );
    await admin.del(...[1, 2, 4, 5].map((index) => `{shop}:delivery:${keyOf(index)}`));
    const range = { recordedFrom: at(20), recordedUntil: at(65) };
    expect(await keysOf(store, range)).toEqual([6, 3].map(keyOf));
  });
});

describe.skipIf(!HAS_REDIS)('by a text in the error', () => {
  async function bury(store: DurableStore, errors: readonly string[]): Promise<void> {
    for (const [index, error] of errors.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await store.record(payment(index));
      // oxlint-disable-next-line no-await-in-loop -- as above
      const [claim] = await store.takeDue({ limit: 1, leaseMs: HOUR_MS });
      if (claim === undefined) throw new Error('nothing was taken');
      // oxlint-disable-next-line no-await-in-loop -- as above
      await store.bury(claim, { error, succeeded: [] });
    }
  }

  test('whatever the case of ASCII letters, and no pattern', async () => {
    const { store } = await open();
    await bury(store, ['Timeout of Stripe', 'ÄRGER 100%', 'a.b', 'axb', 'K (Kelvin \u212A)']);
    await store.record(payment(100));
    const found = async (error: string) => keysOf(store, { error });
    expect(await found('TIMEOUT of s')).toEqual([keyOf(0)]);
    expect(await found('Ärger 100%')).toEqual([keyOf(1)]);
    expect(await found('ärger')).toEqual([]);
    expect(await found('A.B')).toEqual([keyOf(2)]);
    expect(await found('%d')).toEqual([]);
    expect(await found('N \u212A')).toEqual([keyOf(4)]);
    expect(await found('N K')).toEqual([]);
  });

  test('of any state and type, replayed and completed since', async () => {
    const { store } = await open();
    await bury(store, ['no stock', 'no stock', 'no stock']);
    await store.replay(keyOf(1));
    const [claim] = await store.takeDue({ limit: 1, leaseMs: HOUR_MS });
    if (claim === undefined) throw new Error('nothing was taken');
    await store.complete(claim, { succeeded: [] });
    await store.replay(keyOf(0));
    const error = 'no stock';
    expect(await keysOf(store, { error })).toEqual([2, 1, 0].map(keyOf));
    expect(await keysOf(store, { error, state: 'due' })).toEqual([keyOf(0)]);
    expect(await keysOf(store, { error, state: 'done' })).toEqual([keyOf(1)]);
    expect(await keysOf(store, { error, state: 'dead' })).toEqual([keyOf(2)]);
    expect(await keysOf(store, { error, type: 'payment.completed' })).toHaveLength(3);
    expect(await keysOf(store, { error, type: 'refund.completed' })).toEqual([]);
  });

  test(
    'a page looks at 10,000 that failed, and the next goes on there',
    async () => {
      const { store } = await open();
      const many = Array.from({ length: 10_600 }, (_, number) =>
        payment(number, { dead: number === 5 ? 'the one' : 'another' }),
      );
      await Promise.all(many.map(async (delivery) => store.record(delivery)));
      const first = await store.list({ error: 'THE ONE' });
      expect(first.items).toEqual([]);
      const { nextCursor: cursor } = first;
      const second = await store.list({ error: 'THE ONE', cursor });
      expect(second.items).toMatchObject([{ key: keyOf(5) }]);
      expect(second.nextCursor).toBeUndefined();
      expect(await keysOf(store, { error: 'THE ONE', state: 'dead' })).toEqual([keyOf(5)]);
    },
    HOUR_MS / 60,
  );

  test('what failed before there was an index of it is found, and what a server lost of it comes back', async () => {
    const { store, admin } = await open();
    await bury(store, ['no stock', 'no stock']);
    const bits = '{shop}:2:bits:error\n0';
    const chunks = '{shop}:2:chunks:error';
    await admin.del(bits, chunks);
    await admin.hdel(META, 'errorsIndexed');
    expect(await keysOf(store, { error: 'stock', type: 'payment.completed' })).toHaveLength(2);
    expect(await admin.hget(META, 'errorsIndexed')).toBe('all');
    for (const lost of [bits, chunks]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is lost
      await admin.del(lost);
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await keysOf(store, { error: 'stock' })).toEqual([]);
      for (let round = 0; round < 2; round += 1)
        // oxlint-disable-next-line no-await-in-loop -- each round goes on where the one before ended
        await store.prune({ doneForMs: HOUR_MS, limit: 10 });
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await keysOf(store, { error: 'stock' })).toEqual([1, 0].map(keyOf));
    }
  });

  test('what a process of the release before puts off is found once it is taken here', async () => {
    const { store, admin } = await open();
    await store.record(payment(1));
    const [claim] = await store.takeDue({ limit: 1, leaseMs: HOUR_MS });
    if (claim === undefined) throw new Error('nothing was taken');
    await store.retry(claim, { delayMs: 0, error: 'no stock', succeeded: [] });
    expect(await keysOf(store, { error: 'stock' })).toEqual([keyOf(1)]);
    // That process knows no such bitmap.
    await admin.del('{shop}:2:bits:error\n0', '{shop}:2:chunks:error');
    const [again] = await store.takeDue({ limit: 1, leaseMs: HOUR_MS });
    if (again === undefined) throw new Error('nothing was taken');
    await store.complete(again, { succeeded: [] });
    expect(await keysOf(store, { error: 'stock' })).toEqual([keyOf(1)]);
  });
});
