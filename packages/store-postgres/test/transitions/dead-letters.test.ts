import { expect, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('a dead letter', (database) => {
  test('is taken by nobody until it is replayed with counters at zero', async () => {
    const store = database.store();
    await store.record(payment('buried'));
    const taken = await takeOne(store);
    await store.bury(taken, { error: 'hopeless', succeeded: ['a'] });
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await store.get(taken.key)).toMatchObject({
      state: 'dead',
      started: 1,
      finished: 1,
      lastError: 'hopeless',
    });
    const said = await Promise.all([store.replay(taken.key), store.replay(taken.key)]);
    expect(said.filter((replayed) => replayed)).toHaveLength(1);
    const again = await takeOne(store);
    expect(again).toMatchObject({ started: 1, finished: 0, lapsed: false, succeeded: ['a'] });
    await store.complete(again, none);
  });

  test('is discarded once, and its key stays known', async () => {
    const store = database.store();
    const { key } = payment('discarded');
    await store.record(payment('discarded', { dead: 'unreadable' }));
    expect(await store.discard(key)).toBe(true);
    expect(await store.discard(key)).toBe(false);
    expect(await store.get(key)).toBeUndefined();
    const known = { status: 'duplicate', state: 'done' };
    expect(await store.record(payment('discarded'))).toEqual(known);
  });

  test('what is due or running is neither replayed nor discarded, what is done is not discarded', async () => {
    const store = database.store();
    const { key } = payment('kept');
    await store.record(payment('kept'));
    const both = async () => [await store.replay(key), await store.discard(key)];
    expect(await both()).toEqual([false, false]);
    const taken = await takeOne(store);
    expect(await both()).toEqual([false, false]);
    await store.complete(taken, none);
    expect(await store.discard(key)).toBe(false);
    expect([await store.replay('?'), await store.discard('?')]).toEqual([false, false]);
  });
});
