import { expect, test } from 'vitest';
import { none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('stats and prune', (database) => {
  test('an empty store is all zeros', async () => {
    const zeros = { due: 0, running: 0, done: 0, dead: 0, unhandled: 0, oldestDueAgeMs: 0 };
    expect(await database.store().stats()).toEqual(zeros);
  });

  test('counts each state; a retry that still waits has no age', async () => {
    const store = database.store();
    for (const name of [1, 2, 3, 4]) await store.record(payment(name));
    await store.complete(await takeOne(store), none);
    await store.bury(await takeOne(store), { error: 'x', ...none });
    await store.retry(await takeOne(store), { delayMs: 60_000, error: 'x', ...none });
    await takeOne(store);
    expect(await store.stats()).toEqual({
      due: 1,
      running: 1,
      done: 1,
      dead: 1,
      unhandled: 0,
      oldestDueAgeMs: 0,
    });
    await store.record(payment(5));
    await database.sql(
      `UPDATE "${database.schema}".delivery SET at = at - interval '1 hour' WHERE key = $1`,
      [payment(5).key],
    );
    const { oldestDueAgeMs } = await store.stats();
    expect(Math.floor(oldestDueAgeMs / 60_000)).toBe(60);
  });

  test('prunes what has been done for long enough, in batches, and nothing else', async () => {
    const store = database.store();
    for (const name of ['old-1', 'old-2']) await store.record(payment(name));
    for (const { token, key } of await store.takeDue({ limit: 3, leaseMs: 1_000 }))
      await store.complete({ key, token }, none);
    expect(await store.prune({ doneForMs: 60_000, limit: 10 })).toBe(0);
    await database.sql(`UPDATE "${database.schema}".delivery SET at = at - interval '2 hours'
      WHERE state IN ('done', 'dead')`);
    expect(await store.prune({ doneForMs: 3_600_000, limit: 0 })).toBe(0);
    expect(await store.prune({ doneForMs: 3_600_000, limit: 3 })).toBe(3);
    expect(await store.prune({ doneForMs: 3_600_000, limit: 3 })).toBe(1);
    expect(await store.stats()).toMatchObject({ done: 0, dead: 1, due: 1 });
  });
});
