import { expect, test } from 'vitest';
import { LEASE, none, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function completeSuite(make: MakeStore): void {
  test('makes it done for good', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    expect(await under.store.complete(taken, { succeeded: ['a'] })).toBe('ok');
    expect(await under.store.get(taken.key)).toMatchObject({
      state: 'done',
      started: 1,
      finished: 1,
      succeeded: ['a'],
    });
    await under.clock.advance(LEASE * 10);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await under.store.complete(taken, none)).toBe('lost');
  });
}
