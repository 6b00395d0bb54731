import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('a tombstone', (database) => {
  const table = (name: string) => `"${database.schema}".${name}`;

  /** As many done deliveries as asked for, without the detour. */
  const fill = async (count: number) =>
    database.sql(
      `INSERT INTO ${table('delivery')} (key, seq, state, at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
       SELECT 'payment.completed:pay@' || gen_random_uuid(), nextval('${table('delivery_seq')}'), 'done', now(), now(), now(),
         'pay@' || n, 'evt_' || n, 'payment.completed', 'v2', 'webhook', '{}', 'x' FROM generate_series(1, $1) n`,
      [count],
    );

  test('takes a hundred bytes at most, index included', { timeout: 60_000 }, async () => {
    const store = database.store({ timeoutMs: 30_000 });
    const count = 20_000;
    await fill(count);
    let pruned = 0;
    for (let more = 1; more > 0; pruned += more)
      more = await store.prune({ doneForMs: 0, limit: 5_000 });
    expect(pruned).toBe(count);
    const [row] = await database.sql(
      `SELECT pg_total_relation_size('${table('tombstone')}')::float / $1 AS bytes`,
      [count],
    );
    expect(row?.['bytes']).toBeLessThanOrEqual(100);
  });

  test('is the first half of the key’s SHA-256 and when it was done', async () => {
    const store = database.store();
    await database.sql(`TRUNCATE ${table('tombstone')}`);
    await store.record(payment('größe-日本'));
    const taken = await takeOne(store);
    await store.complete(taken, none);
    const { at } = (await store.get(taken.key)) ?? {};
    await store.prune({ doneForMs: 0, limit: 9 });
    const half = createHash('sha256').update(taken.key).digest('hex').slice(0, 32);
    expect(
      await database.sql(
        `SELECT replace(digest::text, '-', '') AS digest, floor(extract(epoch FROM at) * 1000)::float AS at FROM ${table('tombstone')}`,
      ),
    ).toEqual([{ digest: half, at }]);
  });

  test('is all that is left: a webhook that came after a look goes with the record', async () => {
    const store = database.store();
    await store.record(payment('looked at', { source: 'return' }));
    await store.record(payment('looked at'));
    expect(await database.sql(`SELECT key FROM ${table('later_webhook')}`)).toHaveLength(1);
    await store.complete(await takeOne(store), none);
    expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(1);
    expect(await database.sql(`SELECT key FROM ${table('later_webhook')}`)).toEqual([]);
    expect(await store.record(payment('looked at'))).toEqual({
      status: 'duplicate',
      state: 'done',
    });
    expect(await database.sql(`SELECT key FROM ${table('later_webhook')}`)).toEqual([]);
  });

  test('a record that waits behind another while its key is pruned does not bring it back', async () => {
    const store = database.store();
    await store.record(payment('old'));
    await store.complete(await takeOne(store), none);
    // Its statement saw the done delivery, and waits for a key that somebody else is just recording.
    const tx = await database.pool.connect();
    await tx.query('BEGIN');
    await tx.query(
      `INSERT INTO ${table('delivery')} (key, seq, state, at, ready_at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
       SELECT $1, seq + 1000000, 'due', at, at, recorded_at, received_at, subject, event_id, type, version, source, headers, raw
       FROM ${table('delivery')} WHERE key = $2`,
      [payment('contested').key, payment('old').key],
    );
    const recorded = Promise.all([
      store.record(payment('contested')),
      store.record(payment('old')),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await database.store().prune({ doneForMs: 0, limit: 9 })).toBe(1);
    await tx.query('COMMIT');
    tx.release();
    expect(await recorded).toEqual([
      { status: 'duplicate', state: 'due' },
      { status: 'duplicate', state: 'done' },
    ]);
    expect(await store.get(payment('old').key)).toBeUndefined();
    await store.complete(await takeOne(store, LEASE), none);
  });
});
