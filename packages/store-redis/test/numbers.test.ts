import { describe, expect, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS, REDIS_URL } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { rejectionOf } from './support/waiting.js';

const MISCONFIGURED = { name: 'QBitFlowError', code: 'misconfigured' };
const NO_DELAYS: readonly unknown[] = [NaN, Infinity, -Infinity, 1e16, undefined, '5', new Date(5)];

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  async function openWithTaken() {
    const store = await openStore(library, REDIS_URL);
    await store.record(payment(1));
    const [taken] = await store.takeDue({ limit: 1, leaseMs: 60_000 });
    if (taken === undefined) throw new Error('nothing was taken');
    return { store, taken };
  }

  test.each(NO_DELAYS.map((value) => [String(value), value]))(
    'a delay or lease of %s changes nothing, and the claim still holds',
    async (_name, value) => {
      const { store, taken } = await openWithTaken();
      const ms = value as number;
      const retry = { delayMs: ms, error: 'later', succeeded: [] };
      expect(await rejectionOf(store.retry(taken, retry))).toMatchObject(MISCONFIGURED);
      const extension = { leaseMs: ms, succeeded: [] };
      expect(await rejectionOf(store.extend(taken, extension))).toMatchObject(MISCONFIGURED);
      const take = store.takeDue({ limit: 1, leaseMs: ms });
      expect(await rejectionOf(take)).toMatchObject(MISCONFIGURED);
      expect(await store.stats()).toMatchObject({ due: 0, running: 1 });
      expect(await store.retry(taken, { ...retry, delayMs: 0 })).toBe('ok');
      const again = await store.takeDue({ limit: 1, leaseMs: 60_000 });
      expect(again.map(({ key }) => key)).toEqual([keyOf(1)]);
    },
  );

  test('counts that are none are refused, and starts are set, not added', async () => {
    const { store, taken } = await openWithTaken();
    const start = { leaseMs: 60_000, succeeded: [] };
    const refused = store.extend(taken, { ...start, start: NaN });
    expect(await rejectionOf(refused)).toMatchObject(MISCONFIGURED);
    expect(await rejectionOf(store.takeDue({ limit: NaN, leaseMs: 1 }))).toMatchObject(
      MISCONFIGURED,
    );
    const pruned = store.prune({ doneForMs: NaN, limit: 10 });
    expect(await rejectionOf(pruned)).toMatchObject(MISCONFIGURED);
    const kept = store.prune({ doneForMs: 0, keepKeysMs: NaN, limit: 10 });
    expect(await rejectionOf(kept)).toMatchObject(MISCONFIGURED);
    for (let asked = 0; asked < 3; asked += 1)
      // oxlint-disable-next-line no-await-in-loop -- asked again after a lost answer
      expect(await store.extend(taken, { ...start, start: 2 })).toBe('ok');
    expect(await store.get(keyOf(1))).toMatchObject({ started: 2, finished: 0 });
    await store.retry(taken, { delayMs: 0, error: 'bye', succeeded: [], counted: false });
    expect(await store.get(keyOf(1))).toMatchObject({ started: 0, finished: 0, state: 'due' });
  });

  test.each([Number.MAX_SAFE_INTEGER, Infinity, 1e300])(
    'keeping for %d ms keeps for ever',
    async (ms) => {
      const { store, taken } = await openWithTaken();
      await store.complete(taken, { succeeded: [] });
      expect(await store.prune({ doneForMs: ms, keepKeysMs: ms, limit: 10 })).toBe(0);
      expect(await store.prune({ doneForMs: 0, keepKeysMs: ms, limit: 10 })).toBe(1);
      expect(await store.prune({ doneForMs: 0, keepKeysMs: ms, limit: 10 })).toBe(0);
      expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'done' });
    },
  );
});
