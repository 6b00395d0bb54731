import { expect, test } from 'vitest';
import { none, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function statsSuite(make: MakeStore): void {
  test('counts each state and tells how long the oldest due one has waited', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const { store, clock } = under;
    await store.complete(await takeOne(under), none);
    await store.bury(await takeOne(under), { error: 'x', ...none });
    await clock.advance(4_000);
    expect(await store.stats()).toEqual({
      due: 1,
      running: 0,
      done: 1,
      dead: 1,
      unhandled: 0,
      oldestDueAgeMs: 4_000,
    });
  });

  test('a retry that still waits has no age', async () => {
    const under = await recorded(await make(), 1);
    await under.store.retry(await takeOne(under), { delayMs: 60_000, error: 'x', ...none });
    await under.clock.advance(1_000);
    expect(await under.store.stats()).toMatchObject({ oldestDueAgeMs: 0 });
  });

  test('an empty store is all zeros', async () => {
    const { store } = await make();
    const zeros = { due: 0, running: 0, done: 0, dead: 0, unhandled: 0, oldestDueAgeMs: 0 };
    expect(await store.stats()).toEqual(zeros);
  });

  test('prune forgets what has been done for long enough, in batches, and nothing else', async () => {
    const under = await recorded(await make(), 1, 2, 3, 4, 5);
    const { store, clock } = under;
    await store.bury(await takeOne(under), { error: 'x', ...none });
    for (let index = 0; index < 3; index += 1) await store.complete(await takeOne(under), none);
    await clock.advance(10_000);
    expect(await store.prune({ doneForMs: 10_001, limit: 10 })).toBe(0);
    expect(await store.prune({ doneForMs: 10_000, limit: 2 })).toBe(2);
    expect(await store.prune({ doneForMs: 10_000, limit: 2 })).toBe(1);
    expect(await store.stats()).toMatchObject({ due: 1, done: 0, dead: 1 });
  });
}
