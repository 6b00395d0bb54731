import { expect, test } from 'vitest';
import { collectingLogger } from '../support/collecting-logger.js';
import { payment, none, takeOne } from '../support/deliveries.js';
import { eventually, rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('connections', (database) => {
  test('an idle client that is killed is logged, not the end of the process', async () => {
    const logger = collectingLogger();
    const pool = database.newPool({ application_name: `${database.schema}_idle` });
    const store = database.store({ pool, logger });
    await store.stats();
    expect(pool.idleCount).toBe(1);
    await database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [`${database.schema}_idle`],
    );
    await eventually(() => logger.codes.includes('idle_client_lost'));
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
  });

  test('a store without a logger of its own tells the kit that started it', async () => {
    const logger = collectingLogger();
    const name = `${database.schema}_kits`;
    const pool = database.newPool({ application_name: name });
    const store = database.store({ pool });
    await store.init({ concurrency: 1, logger });
    await database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [name],
    );
    await eventually(() => logger.codes.includes('idle_client_lost'));
    expect(await store.record(payment(9))).toEqual({ status: 'recorded' });
  });

  test('an exhausted pool rejects in time, and gets every client back', async () => {
    const pool = database.newPool({ max: 2 });
    const store = database.store({ pool, timeoutMs: 200 });
    const [one, two] = [await pool.connect(), await pool.connect()];
    expect(await rejectionOf(store.record(payment(2)))).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('pool exhausted'),
    });
    one.release();
    two.release();
    await eventually(() => pool.idleCount === 2 && pool.waitingCount === 0);
    // A busy machine may take longer than 200 ms for a record: the pool is the same.
    expect(await database.store({ pool }).record(payment(2))).toEqual({ status: 'recorded' });
    expect(one.listenerCount('error')).toBe(two.listenerCount('error'));
  });

  test('a row locked for ever rejects in time', async () => {
    const taken = await takeOne(database.store());
    const store = database.store({ timeoutMs: 200 });
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT 1 FROM "${database.schema}".delivery WHERE key = $1 FOR UPDATE`, [
      taken.key,
    ]);
    expect(await rejectionOf(store.bury(taken, { error: 'x', ...none }))).toMatchObject({
      code: 'store_unavailable',
    });
    await holder.query('ROLLBACK');
    holder.release();
  });

  test('a deadlock is tried again', async () => {
    const store = database.store();
    await store.record(payment('dead-a'));
    await store.record(payment('dead-b'));
    const lock = `SELECT 1 FROM "${database.schema}".delivery WHERE key = $1 FOR UPDATE`;
    const taken = (await store.takeDue({ limit: 5, leaseMs: 30_000 })).filter(({ key }) =>
      key.includes('dead-'),
    );
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query("SET LOCAL deadlock_timeout = '10s'");
    await holder.query(lock, [payment('dead-b').key]);
    // Both rows in one statement: it holds the first and waits for the second.
    const completed = Promise.all(taken.map(async (claim) => store.complete(claim, none)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const crossing = holder.query(lock, [payment('dead-a').key]);
    await crossing;
    await holder.query('COMMIT');
    holder.release();
    expect(await completed).toEqual(['ok', 'ok']);
  });
});
