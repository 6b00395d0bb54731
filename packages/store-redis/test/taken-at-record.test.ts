import { describe, expect, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS, REDIS_URL } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { pass, rejectionOf } from './support/waiting.js';

const leased = { leaseMs: 60_000 };
const take = { limit: 10, leaseMs: 60_000 };

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s: taken in the script that records', (library) => {
  test('each of a group has its own answer, and its own token', async () => {
    const store = await openStore(library, REDIS_URL);
    await store.record(payment(1));
    const outcomes = await Promise.all([
      store.record(payment(1), leased),
      store.record(payment(2), leased),
      store.record(payment(3)),
      store.record(payment(4, { dead: 'unreadable' }), leased),
      store.record(payment(5), leased),
      store.record(payment(5), leased),
    ]);
    const taken = { token: expect.any(String), dueSince: expect.any(Number) };
    expect(outcomes).toEqual([
      { status: 'duplicate', state: 'due' },
      { status: 'recorded', taken },
      { status: 'recorded' },
      { status: 'recorded' },
      { status: 'recorded', taken },
      { status: 'duplicate', state: 'running' },
    ]);
    const tokens = outcomes.flatMap((outcome) =>
      outcome.status === 'recorded' && outcome.taken ? [outcome.taken.token] : [],
    );
    expect(new Set(tokens).size).toBe(2);
    expect(await store.stats()).toMatchObject({ due: 2, running: 2, done: 0, dead: 1 });
    const [second = ''] = tokens;
    expect(await store.complete({ key: keyOf(5), token: second }, { succeeded: [] })).toBe('lost');
    expect(await store.complete({ key: keyOf(2), token: second }, { succeeded: [] })).toBe('ok');
    const keys = (await store.takeDue(take)).map(({ key }) => key);
    expect(keys).toEqual([keyOf(1), keyOf(3)]);
  });

  test('handed back uncounted it stands before what came after it', async () => {
    const store = await openStore(library, REDIS_URL);
    const outcome = await store.record(payment(1), leased);
    await pass(5);
    await store.record(payment(2));
    if (outcome.status !== 'recorded' || outcome.taken === undefined) throw new Error('not taken');
    const { token } = outcome.taken;
    const back = { delayMs: 0, error: 'closing', succeeded: [], counted: false };
    expect(await store.retry({ key: keyOf(1), token }, back)).toBe('ok');
    const taken = await store.takeDue({ ...take, limit: 1 });
    expect(taken).toMatchObject([{ key: keyOf(1), started: 1, finished: 0, lapsed: false }]);
  });

  test.each<unknown>([NaN, Infinity, '5'])(
    'a lease of %s is refused, and nothing is recorded',
    async (value) => {
      const store = await openStore(library, REDIS_URL);
      const recorded = store.record(payment(1), { leaseMs: value as number });
      expect(await rejectionOf(recorded)).toMatchObject({ code: 'misconfigured' });
      expect(await store.get(keyOf(1))).toBeUndefined();
    },
  );
});
