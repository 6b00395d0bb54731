import { expect, test } from 'vitest';
import { LEASE, none, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function extendSuite(make: MakeStore): void {
  test('renews the lease from now', async () => {
    const under = await recorded(await make(), 1);
    const { store, clock } = under;
    const taken = await takeOne(under);
    await clock.advance(20_000);
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    await clock.advance(LEASE - 1);
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await clock.advance(1);
    expect((await takeOne(under)).key).toBe(taken.key);
  });

  test('remembers handlers that succeeded, each once', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    await under.store.extend(taken, { leaseMs: LEASE, succeeded: ['a'] });
    await under.store.extend(taken, { leaseMs: LEASE, succeeded: ['b', 'a'] });
    await under.clock.advance(LEASE);
    expect((await takeOne(under)).succeeded.toSorted()).toEqual(['a', 'b']);
  });

  test('notes a start when asked, and once however often it is asked', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    const suspect = await takeOne(under);
    await under.store.extend(suspect, { leaseMs: LEASE, start: 2, ...none });
    await under.store.extend(suspect, { leaseMs: LEASE, start: 2, ...none });
    await under.clock.advance(LEASE);
    expect(await takeOne(under)).toMatchObject({ started: 2, finished: 0, lapsed: true });
  });

  test('a lease that lapsed and was not retaken can still be renewed or completed', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    await under.clock.advance(LEASE * 2);
    expect(await under.store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    expect(await under.store.complete(taken, none)).toBe('ok');
  });
}
