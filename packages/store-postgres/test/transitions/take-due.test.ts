import { expect, test } from 'vitest';
import { keys, keysOf, LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { eventually } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('takeDue', (database) => {
  test('oldest due first, up to the limit, each with a token of its own', async () => {
    const store = database.store();
    for (const name of ['one', 'two', 'three']) await store.record(payment(name));
    const taken = await store.takeDue({ limit: 2, leaseMs: LEASE });
    expect(keysOf(taken)).toEqual(keys('one', 'two'));
    expect(new Set(taken.map(({ token }) => token)).size).toBe(2);
    expect(taken[0]).toMatchObject({
      started: 1,
      finished: 0,
      lapsed: false,
      succeeded: [],
      raw: new Uint8Array(payment('one').raw),
      headers: payment('one').headers,
    });
    expect(await store.takeDue({ limit: 0, leaseMs: LEASE })).toEqual([]);
    expect(keysOf(await store.takeDue({ limit: 9, leaseMs: LEASE }))).toEqual(keys('three'));
    expect(await store.takeDue({ limit: 9, leaseMs: LEASE })).toEqual([]);
  });

  test('a lapsed lease is taken again, says so and counts no start', async () => {
    const store = database.store();
    await store.record(payment('lapsing'));
    const first = await takeOne(store, 50);
    let again: Awaited<ReturnType<typeof store.takeDue>> = [];
    await eventually(async () => {
      again = await store.takeDue({ limit: 5, leaseMs: LEASE });
      return again.length > 0;
    });
    expect(again).toEqual([expect.objectContaining({ key: first.key, started: 1, lapsed: true })]);
    expect(again[0]?.token).not.toBe(first.token);
    expect(await store.complete(first, none)).toBe('lost');
  });

  test('steps over what another transaction holds instead of waiting for it', async () => {
    const store = database.store();
    await store.record(payment('held'));
    await store.record(payment('free'));
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM "${database.schema}".delivery WHERE key = $1 FOR UPDATE`, [
      payment('held').key,
    ]);
    expect(keysOf(await store.takeDue({ limit: 5, leaseMs: LEASE }))).toEqual(keys('free'));
    await client.query('ROLLBACK');
    client.release();
    expect(keysOf(await store.takeDue({ limit: 5, leaseMs: LEASE }))).toEqual(keys('held'));
  });

  test('the type parsers of the application change nothing', async () => {
    const types = { getTypeParser: () => () => 'nonsense' };
    const store = database.store({ pool: database.newPool({ types }) });
    await store.record(payment('parsed'));
    expect(await takeOne(store)).toMatchObject({
      key: payment('parsed').key,
      receivedAt: 1_790_856_000_000,
      started: 1,
    });
  });
});
