import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import type { PostgresPool, PostgresQuery } from '../../src/index.js';
import { keys, keysOf, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('record', (database) => {
  test('keeps everything byte for byte', async () => {
    const store = database.store();
    const raw = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const delivery = payment('bytes', { raw, version: 'v1', source: 'recovery' });
    expect(await store.record(delivery)).toEqual({ status: 'recorded' });
    const kept = await store.get(delivery.key);
    expect(Buffer.from(kept?.raw ?? []).equals(raw)).toBe(true);
    expect(kept).toMatchObject({
      ...delivery,
      raw: expect.anything(),
      state: 'due',
      started: 0,
      finished: 0,
      succeeded: [],
    });
  });

  test('tells the state of the record that was there first', async () => {
    const store = database.store();
    const dead = payment('dead', { dead: 'not readable' });
    expect(await store.record(dead)).toEqual({ status: 'recorded' });
    expect(await store.record(dead)).toEqual({ status: 'duplicate', state: 'dead' });
    expect(await store.get(dead.key)).toMatchObject({ state: 'dead', lastError: 'not readable' });
  });

  test('a done one stays known', async () => {
    const store = database.store();
    const taken = await takeOne(store);
    const again = { ...payment('x'), key: taken.key };
    expect(await store.record(again)).toEqual({ status: 'duplicate', state: 'running' });
    await store.complete(taken, none);
    expect(await store.record(again)).toEqual({ status: 'duplicate', state: 'done' });
  });

  test('doubles within one group are duplicates of the first, each with its own answer', async () => {
    const store = database.store();
    const unreadable = payment('b', { dead: 'broken' });
    const group = [payment('a'), unreadable, payment('a'), payment('c'), unreadable, payment('a')];
    expect(await Promise.all(group.map(async (delivery) => store.record(delivery)))).toEqual([
      { status: 'recorded' },
      { status: 'recorded' },
      { status: 'duplicate', state: 'due' },
      { status: 'recorded' },
      { status: 'duplicate', state: 'dead' },
      { status: 'duplicate', state: 'due' },
    ]);
  });

  test('a group of hundreds keeps the order of arrival', async () => {
    const store = database.store();
    const names = Array.from({ length: 250 }, (_, index) => `many-${(index * 7919) % 250}`);
    await Promise.all(names.map(async (name) => store.record(payment(name))));
    const { items } = await store.list({ limit: 250 });
    expect(keysOf(items).toReversed()).toEqual(keys(...names));
  });

  test('a group is inserted in the order of keys, so that two of them never wait crosswise', async () => {
    const store = database.store();
    const names = ['order-c', 'order-a', 'order-d', 'order-b'];
    await Promise.all(names.map(async (name) => store.record(payment(name))));
    const rows = await database.sql(
      `SELECT event_id FROM "${database.schema}".delivery WHERE subject LIKE '%order-%' ORDER BY ctid`,
    );
    expect(rows.map(({ event_id: id }) => id)).toEqual([
      'evt_order-a',
      'evt_order-b',
      'evt_order-c',
      'evt_order-d',
    ]);
  });

  test('a key recorded by a transaction that commits meanwhile is a duplicate, not a failure', async () => {
    const store = database.store();
    const client = await database.pool.connect();
    const other = database.store({ pool: clientAsPool(client) });
    await client.query('BEGIN');
    await other.record(payment('contested'));
    const waiting = Promise.all([
      store.record(payment('contested')),
      store.record(payment('beside')),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.query('COMMIT');
    client.release();
    expect(await waiting).toEqual([{ status: 'duplicate', state: 'due' }, { status: 'recorded' }]);
  });
});

/** A pool whose every client is the one in a transaction. */
function clientAsPool(client: PoolClient): PostgresPool {
  const quiet = { on: () => undefined, removeListener: () => undefined };
  const query = async (asked: PostgresQuery) => client.query(asked);
  return { ...quiet, connect: async () => ({ ...quiet, query, release: () => undefined }) };
}
