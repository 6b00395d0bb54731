import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('completeWithin', (database) => {
  const done = { succeeded: ['fulfil'], done: true };

  /** The merchant's own transaction: a row of theirs, and ours with it. */
  async function fulfil(work: (tx: PoolClient) => Promise<unknown>, end = 'COMMIT') {
    await database.sql(`CREATE TABLE IF NOT EXISTS "${database.schema}".orders (key text)`);
    const tx = await database.pool.connect();
    try {
      await tx.query('BEGIN');
      await tx.query(`INSERT INTO "${database.schema}".orders VALUES ('order')`);
      const outcome = await work(tx);
      await tx.query(end);
      return outcome;
    } finally {
      tx.release();
    }
  }
  const orders = async () =>
    (await database.sql(`DELETE FROM "${database.schema}".orders RETURNING 1`)).length;

  test('the merchant’s row and the completion commit together', async () => {
    const store = database.store();
    await store.record(payment('together'));
    const taken = await takeOne(store);
    expect(await fulfil(async (tx) => store.completeWithin(tx, taken, done))).toBe('ok');
    expect(await orders()).toBe(1);
    expect(await store.get(taken.key)).toMatchObject({
      state: 'done',
      finished: 1,
      succeeded: ['fulfil'],
    });
    expect(await store.complete(taken, none)).toBe('lost');
  });

  test('a rollback leaves neither', async () => {
    const store = database.store();
    await store.record(payment('rolled-back'));
    const taken = await takeOne(store);
    await fulfil(async (tx) => store.completeWithin(tx, taken, done), 'ROLLBACK');
    expect(await orders()).toBe(0);
    expect(await store.get(taken.key)).toMatchObject({
      state: 'running',
      finished: 0,
      succeeded: [],
    });
    expect(await store.complete(taken, none)).toBe('ok');
  });

  test('without done it only remembers the handler', async () => {
    const store = database.store();
    await store.record(payment('partly'));
    const taken = await takeOne(store);
    await fulfil(async (tx) => store.completeWithin(tx, taken, { ...done, done: false }));
    await orders();
    expect(await store.get(taken.key)).toMatchObject({ state: 'running', succeeded: ['fulfil'] });
    expect(await store.complete(taken, { succeeded: ['mail'] })).toBe('ok');
    expect(await store.get(taken.key)).toMatchObject({ succeeded: ['fulfil', 'mail'] });
  });

  test('nobody takes it while the transaction is open, however long ago its lease lapsed', async () => {
    const store = database.store();
    await store.record(payment('open'));
    const taken = await takeOne(store, 1);
    await fulfil(async (tx) => {
      await store.completeWithin(tx, taken, done);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    });
    await orders();
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
  });

  test('a lost claim is told, for the merchant to roll back', async () => {
    const store = database.store();
    await store.record(payment('lost'));
    const stale = await takeOne(store, 0);
    const current = await takeOne(store);
    const outcome = await fulfil(async (tx) => store.completeWithin(tx, stale, done), 'ROLLBACK');
    expect(outcome).toBe('lost');
    expect(await store.complete(current, none)).toBe('ok');
  });

  test('twenty claimants with stale and current tokens make one order', async () => {
    const stores = [database.store(), database.store(), database.store()];
    await stores[0]?.record(payment('contested'));
    const claims = [];
    for (let taking = 0; taking < 20; taking += 1)
      for (const store of stores.slice(taking % 3, (taking % 3) + 1))
        claims.push({ store, taken: await takeOne(store, 0) });
    const outcomes = await Promise.all(
      claims.map(async ({ store, taken }) => {
        const tx = await database.pool.connect();
        await tx.query('BEGIN');
        await tx.query(`INSERT INTO "${database.schema}".orders VALUES ('contested')`);
        const outcome = await store.completeWithin(tx, taken, done);
        await tx.query(outcome === 'ok' ? 'COMMIT' : 'ROLLBACK');
        tx.release();
        return outcome;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(await orders()).toBe(1);
  });

  test('placeholders stand once and in order, so that a driver with question marks can be adapted', async () => {
    const store = database.store();
    await store.record(payment('adapted'));
    const taken = await takeOne(store);
    const outcome = await fulfil(async (tx) => {
      const withMarks = async (text: string, values: unknown[]) => {
        let place = 0;
        return tx.query(
          text.replaceAll('?', () => `$${(place += 1)}`),
          values,
        );
      };
      const adapter = {
        query: async (text: string, values: unknown[]) =>
          withMarks(text.replaceAll(/\$\d+/g, '?'), values),
      };
      return store.completeWithin(adapter, taken, done);
    });
    await orders();
    expect(outcome).toBe('ok');
    expect(await store.get(taken.key)).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
  });

  test('what is no open transaction is refused with the cure', async () => {
    const pool = database.newPool();
    const store = database.store({ pool });
    const claim = { key: 'k', token: 't' };
    const client = await pool.connect();
    await client.query('SELECT 1');
    for (const tx of [undefined, {}, pool, client])
      expect(await rejectionOf(store.completeWithin(tx, claim, done))).toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining('completeWithin: '),
      });
    client.release();
  });
});
