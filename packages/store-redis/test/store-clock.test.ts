import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

const HOUR_MS = 3_600_000;
const take = { limit: 50, leaseMs: 60_000 };

/** Makes all that the store has noted an hour younger than it is: as after the server's clock stepped back by one. */
async function stepBack(admin: Redis): Promise<void> {
  const script = `
    for _, key in ipairs(redis.call('KEYS', '{shop}:*')) do
      local kind = redis.call('TYPE', key).ok
      if kind == 'zset' then
        local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
        for i = 1, #entries, 2 do
          if tonumber(entries[i + 1]) > 1e12 then redis.call('ZINCRBY', key, ${HOUR_MS}, entries[i]) end
        end
      elseif kind == 'hash' then
        for _, field in ipairs({ 'at', 'recordedAt', 'dueSince', 'birth', 'latest' }) do
          if redis.call('HEXISTS', key, field) == 1 then redis.call('HINCRBY', key, field, ${HOUR_MS}) end
        end
      end
    end`;
  await admin.eval(script, 0);
}

async function open() {
  const { url } = await startServer();
  return { store: await openStore('ioredis', url, { prefix: 'shop' }), admin: adminOf(url) };
}

describe.skipIf(!HAS_REDIS)('the server’s clock steps back by an hour', () => {
  test('what is due at once is taken all the same: fresh, replayed, handed back, retried without delay', async () => {
    const { store, admin } = await open();
    for (const number of [1, 2, 3, 4])
      // oxlint-disable-next-line no-await-in-loop -- in the order of their numbers
      await store.record(payment(number));
    const [one, two, three, four] = await store.takeDue(take);
    if (!one || !two || !three || !four) throw new Error('too few were taken');
    await store.bury(one, { error: 'x', succeeded: [] });
    await store.replay(one.key);
    await store.retry(two, { delayMs: 0, error: 'x', succeeded: [], counted: false });
    await store.retry(three, { delayMs: 0, error: 'x', succeeded: [] });
    await store.complete(four, { succeeded: [] });
    await store.replay(four.key);
    await store.record(payment(5));
    await stepBack(admin);
    await store.record(payment(6));
    expect(await store.stats()).toMatchObject({ due: 6 });
    const keys = (await store.takeDue(take)).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([1, 2, 3, 4, 5, 6].map(keyOf)));
  });

  test('real waits wait: a retry with a delay, and a lease', async () => {
    const { store, admin } = await open();
    await store.record(payment(1));
    await store.record(payment(2));
    const [one] = await store.takeDue({ ...take, leaseMs: 5 });
    if (one === undefined) throw new Error('nothing was taken');
    await store.retry(one, { delayMs: 5, error: 'x', succeeded: [] });
    await stepBack(admin);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
    expect(await store.takeDue(take)).toEqual([]);
    expect(await store.stats()).toMatchObject({ due: 1, running: 1, oldestDueAgeMs: 0 });
  });

  test('a range of times has what was recorded before the step and after it', async () => {
    const { store, admin } = await open();
    const [seconds] = await admin.time();
    const now = Number(seconds) * 1_000;
    await store.record(payment(1));
    await store.record(payment(2));
    await stepBack(admin);
    await store.record(payment(3));
    await store.record(payment(4));
    const keysSince = async (recordedFrom: number, recordedUntil: number) =>
      (await store.list({ recordedFrom, recordedUntil })).items.map(({ key }) => key);
    const MINUTE_MS = 60_000;
    expect(await keysSince(now, now + MINUTE_MS)).toEqual([4, 3].map(keyOf));
    expect(await keysSince(now + HOUR_MS, now + HOUR_MS + MINUTE_MS)).toEqual([2, 1].map(keyOf));
    expect(await keysSince(now, now + 2 * HOUR_MS)).toEqual([4, 3, 2, 1].map(keyOf));
  });

  test('since when keys are known never lies ahead', async () => {
    const { store, admin } = await open();
    await store.record(payment(1));
    await stepBack(admin);
    const [seconds] = await admin.time();
    expect(await store.knownSince()).toBeLessThanOrEqual((Number(seconds) + 1) * 1_000);
  });
});
