import type { AttemptRecord, DurableStore } from '@qbitflow/core/store';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

const take = { limit: 10, leaseMs: 60_000, holder: 'web-1:4711' };
const DELIVERY = `{shop}:delivery:${keyOf(1)}`;

const attemptOf = (number: number): AttemptRecord => ({
  number,
  startedAt: 1_790_856_000_000 + number,
  durationMs: 5,
  outcome: 'retried',
  handlers: [{ handler: 'fulfil', durationMs: 4, error: `no stock, ${number}`, stack: 'at …' }],
});

async function open(): Promise<{ store: DurableStore; admin: Redis }> {
  const { url } = await startServer();
  return { store: await openStore('ioredis', url, { prefix: 'shop' }), admin: adminOf(url) };
}

/** Takes the one that is due and puts it off until now, so often. */
async function fail(store: DurableStore, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const [claim] = await store.takeDue(take);
    if (claim === undefined) throw new Error('nothing was taken');
    const attempt = attemptOf(number);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await store.retry(claim, { delayMs: 0, error: 'no stock', succeeded: [], attempt });
  }
}

describe.skipIf(!HAS_REDIS)('history', () => {
  test('the last ten attempts are kept in order, however many there were', async () => {
    const { store } = await open();
    await store.record(payment(1));
    for (const [from, to] of [
      [1, 3],
      [4, 10],
      [11, 12],
      [13, 27],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- each looks at what the one before left
      await fail(store, from, to);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { attempts } = (await store.get(keyOf(1))) ?? {};
      const most = Math.min(to, 10);
      const kept = Array.from({ length: most }, (_, index) => to - most + 1 + index);
      expect(attempts).toEqual(kept.map(attemptOf));
    }
  });

  test('an attempt that is damaged keeps nobody from the delivery', async () => {
    const { store, admin } = await open();
    await store.record(payment(1));
    await fail(store, 1, 3);
    const [first, , third] = String(await admin.hget(DELIVERY, 'attempts')).split('\n');
    await admin.hset(DELIVERY, 'attempts', `${first}\n{"number":\n${third}\n`);
    expect((await store.get(keyOf(1)))?.attempts).toEqual([attemptOf(1), attemptOf(3)]);
    await admin.hset(DELIVERY, 'duplicates', 'many');
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'due' });
  });

  test('a full server answers repeats, counted or not, and keeps what attempts led to', async () => {
    const { store, admin } = await open();
    await store.record(payment(1));
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'due' });
    const [claim] = await store.takeDue(take);
    await admin.config('SET', 'maxmemory', '1mb');
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'running' });
    expect((await store.get(keyOf(1)))?.duplicates).toBe(1);
    if (claim === undefined) throw new Error('nothing was taken');
    const attempt = attemptOf(1);
    expect(await store.bury(claim, { error: 'x', succeeded: ['a'], attempt })).toBe('ok');
    expect(await store.get(keyOf(1))).toMatchObject({ attempts: [attempt], succeeded: ['a'] });
    const full = store.putNote?.('web-1', 'here', { keepMs: 1_000 });
    await expect(full).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  test('who holds it is told while it runs: at record, after a lapsed lease, not of one who did not say', async () => {
    const { store, admin } = await open();
    await store.record(payment(1), { leaseMs: 60_000, holder: 'web-1:1' });
    const { holder, leaseUntil = 0 } = (await store.get(keyOf(1))) ?? {};
    expect(holder).toBe('web-1:1');
    const [seconds] = await admin.time();
    expect(leaseUntil - Number(seconds) * 1_000).toBeGreaterThan(58_000);
    const [member = ''] = await admin.zrange('{shop}:2:running', '0', '0');
    await admin.zadd('{shop}:2:running', 1, member);
    // Lapsed, and in a queue, but not taken: a take of another type puts it there.
    await store.takeDue({ ...take, types: { only: ['none'] } });
    const [listed] = (await store.list({ state: 'running' })).items;
    expect(listed).toMatchObject({ holder: 'web-1:1', leaseUntil: 1 });
    const [claim] = await store.takeDue({ limit: 1, leaseMs: 60_000 });
    expect(await store.get(keyOf(1))).not.toHaveProperty('holder');
    if (claim === undefined) throw new Error('nothing was taken');
    await store.complete(claim, { succeeded: [] });
    expect(await store.get(keyOf(1))).not.toHaveProperty('leaseUntil');
    await store.record(payment(2));
    await store.takeDue({ ...take, holder: '#1 of two#' });
    expect(await store.get(keyOf(2))).toMatchObject({ holder: '#1 of two#' });
  });

  test('references of any text are found as they are', async () => {
    const { store } = await open();
    const references = ['order 1', 'órdèr\n1', 'order "1"', '=order 1', '{}', 'x'.repeat(256), '7'];
    await Promise.all(
      references.map(async (reference, index) => store.record(payment(index, { reference }))),
    );
    await store.record(payment(100));
    for (const [index, reference] of references.entries())
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      expect((await store.list({ reference })).items).toMatchObject([
        { key: keyOf(index), reference },
      ]);
    expect((await store.list({ reference: 'order' })).items).toEqual([]);
    expect((await store.list({ reference: 'order 1', type: 'x' })).items).toEqual([]);
  });

  test('what is pruned leaves nothing in any index', async () => {
    const { store, admin } = await open();
    await store.record(payment(1, { reference: 'order 1', unhandled: 'of a test' }));
    await store.record(payment(2, { reference: 'order 1', dead: 'unreadable' }));
    expect((await store.list({ reference: 'order 1' })).items).toHaveLength(2);
    expect((await store.list({ error: 'e' })).items).toHaveLength(2);
    await store.discard(keyOf(2));
    await store.prune({ doneForMs: 0, limit: 10 });
    const left = await admin.keys('*');
    expect(
      left.filter((key) => !/:(?:sequence|2:(?:gone:\d+|meta|types|kinds))$/.test(key)),
    ).toEqual([]);
  });
});
