import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import {
  LEASE,
  none,
  recorded,
  takeOne,
  type MakeStore,
  type StoreUnderTest,
} from './store-under-test.js';

/** What every durable store promises of this. */
export function deadSuite(make: MakeStore): void {
  const bury = async (under: StoreUnderTest) => {
    const taken = await takeOne(under);
    await under.store.bury(taken, { error: 'hopeless', succeeded: ['a'] });
    return taken.key;
  };

  test('a buried delivery is touched by nobody', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    await under.clock.advance(LEASE * 10);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await under.store.get(key)).toMatchObject({
      state: 'dead',
      started: 1,
      finished: 1,
      succeeded: ['a'],
      lastError: 'hopeless',
    });
  });

  test('replay makes it due now, counters at zero, successes remembered', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    expect(await under.store.replay(key)).toBe(true);
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, succeeded: ['a'] });
  });

  test('discard drops it, and its key stays known', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    expect(await under.store.discard(key)).toBe(true);
    expect(await under.store.get(key)).toBeUndefined();
    expect(await under.store.record(payment(1))).toEqual({ status: 'duplicate', state: 'done' });
  });

  test('what is not dead is neither replayed nor discarded', async () => {
    const under = await recorded(await make(), 1);
    const { store } = under;
    const { key } = payment(1);
    const both = async () => [await store.replay(key), await store.discard(key)];
    expect(await both()).toEqual([false, false]);
    const taken = await takeOne(under);
    expect(await both()).toEqual([false, false]);
    await store.complete(taken, none);
    expect(await store.discard(key)).toBe(false);
    expect([await store.replay('unknown'), await store.discard('unknown')]).toEqual([false, false]);
  });

  test('of two replays at once, one says so', async () => {
    const under = await recorded(await make(), 1);
    const key = await bury(under);
    const said = await Promise.all([under.store.replay(key), under.store.replay(key)]);
    expect(said.filter(Boolean)).toHaveLength(1);
    expect(await under.store.takeDue({ limit: 5, leaseMs: LEASE })).toHaveLength(1);
  });
}
