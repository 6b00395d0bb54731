import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { rejectionOf } from './support/waiting.js';

const HOUR_MS = 3_600_000;
const take = { limit: 5, leaseMs: HOUR_MS };

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s, on a server that is full', (library) => {
  async function fill() {
    const { url } = await startServer();
    const admin = adminOf(url);
    const store = await openStore(library, url);
    await Promise.all([1, 2, 3, 4].map(async (number) => store.record(payment(number))));
    await store.takeDue({ limit: 1, leaseMs: 1 });
    await admin.config('SET', 'maxmemory', '1mb');
    return { store, admin, url };
  }

  test('what is taken can be renewed, put off, buried, completed, replayed, discarded and pruned', async () => {
    const { store } = await fill();
    expect((await rejectionOf(store.record(payment(5)))) as Error).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/out of memory/),
    });
    const taken = await store.takeDue(take);
    expect(taken).toHaveLength(4);
    const [one, two, three, four] = taken;
    if (!one || !two || !three || !four) throw new Error('too few were taken');
    for (const claim of taken)
      // oxlint-disable-next-line no-await-in-loop -- one outcome after the other
      expect(await store.extend(claim, { leaseMs: HOUR_MS, succeeded: ['a'] })).toBe('ok');
    expect(await store.retry(one, { delayMs: HOUR_MS, error: 'x', succeeded: [] })).toBe('ok');
    expect(await store.retry(two, { delayMs: 0, error: 'x', succeeded: [] })).toBe('ok');
    expect(await store.bury(three, { error: 'x', succeeded: [] })).toBe('ok');
    expect(await store.complete(four, { succeeded: ['b'] })).toBe('ok');
    expect(await store.replay(three.key)).toBe(true);
    const again = await store.takeDue(take);
    expect(new Set(again.map(({ key }) => key))).toEqual(new Set([two.key, three.key]));
    for (const claim of again)
      // oxlint-disable-next-line no-await-in-loop -- one outcome after the other
      expect(await store.bury(claim, { error: 'x', succeeded: [] })).toBe('ok');
    expect(await store.discard(two.key)).toBe(true);
    expect(await store.settleUnhandled({ types: { except: [] }, dueForMs: 0, limit: 9 })).toBe(0);
    expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(1);
    expect(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 9 })).toBe(2);
    expect(await store.stats()).toMatchObject({ due: 1, running: 0, done: 0, dead: 1 });
  });

  test('starts all the same, on new data too', async () => {
    const { url } = await fill();
    await (await openStore(library, url)).init?.();
    const other = await openStore(library, url, { prefix: 'new' });
    await other.init?.();
    expect(await other.stats()).toMatchObject({ due: 0 });
    expect(await other.get(keyOf(1))).toBeUndefined();
  });
});
