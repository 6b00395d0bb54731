import type { Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import type { PostgresPool } from '../src/index.js';
import { collectingLogger } from './support/collecting-logger.js';
import { none, payment, takeOne } from './support/deliveries.js';
import { eventually } from './support/eventually.js';
import { describeOnPostgres, type StoreOptions, type TestDatabase } from './support/postgres.js';

/** A store that listens, once it does. */
async function listening(database: TestDatabase, options: StoreOptions = {}) {
  const logger = collectingLogger();
  const store = database.store({ logger, ...options });
  const heard: (string | undefined)[] = [];
  const stop = store.onDue((subject) => heard.push(subject));
  await eventually(() => logger.codes.includes('listening'));
  return { store, heard, logger, stop };
}

await describeOnPostgres('NOTIFY', (database) => {
  test('wakes another process with the subject, and the own one once', async () => {
    const [here, there] = [await listening(database), await listening(database)];
    await here.store.record(payment('woken'));
    await here.store.record(payment('woken'));
    await here.store.record(payment('dead', { dead: 'unreadable' }));
    await here.store.record(payment('last'));
    await eventually(() => [here, there].every(({ heard }) => heard.includes('pay@last')));
    expect(there.heard).toEqual(['pay@woken', 'pay@last']);
    expect(here.heard).toEqual(['pay@woken', 'pay@last']);
  });

  test('a group of hundreds is told whole, in few notifications', async () => {
    const [here, there] = [database.store(), await listening(database)];
    const notifications: string[] = [];
    const client = await database.newPool().connect();
    client.on('notification', ({ payload }) => notifications.push(payload ?? ''));
    await client.query(`LISTEN "${database.schema}_due"`);
    const names = Array.from({ length: 100 }, (_, index) => `${index}-${'x'.repeat(500)}`);
    await Promise.all(names.map(async (name) => here.record(payment(name.slice(0, 480)))));
    await eventually(() => there.heard.length === 100);
    expect(notifications.length).toBeLessThanOrEqual(8);
    client.release(true);
  });

  test('replay and a delivery handed back at once wake others, a delayed retry does not', async () => {
    const store = database.store();
    await database.sql(`UPDATE "${database.schema}".delivery SET state = 'done'`);
    await store.record(payment('waking'));
    const { heard } = await listening(database);
    const { subject, key } = payment('waking');
    await store.retry(await takeOne(store), { delayMs: 0, error: 'x', ...none });
    await eventually(() => heard.length === 1);
    await store.bury(await takeOne(store), { error: 'x', ...none });
    await store.replay(key);
    await eventually(() => heard.length === 2);
    await store.retry(await takeOne(store), { delayMs: 60_000, error: 'x', ...none });
    await store.record(payment('after'));
    await eventually(() => heard.length === 3);
    expect(heard).toEqual([subject, subject, 'pay@after']);
  });

  test('a NOTIFY by hand wakes without a subject, another schema’s does not', async () => {
    const { heard } = await listening(database);
    await database.sql(`NOTIFY "${database.schema}x_due"`);
    await database.sql(`NOTIFY "${database.schema}_due"`);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([undefined]);
  });

  test('a listener that throws harms nobody', async () => {
    const { store, heard, logger } = await listening(database);
    store.onDue(() => {
      throw new Error('mine');
    });
    await store.record(payment('thrown'));
    await eventually(() => logger.codes.includes('due_listener_failed'));
    expect(heard).toEqual(['pay@thrown']);
  });

  test('a killed connection is replaced, and what was missed is asked for', async () => {
    const name = `${database.schema}_killed`;
    const { heard, logger } = await listening(database, {
      pool: database.newPool({ application_name: name }),
    });
    await database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [name],
    );
    await eventually(() => heard.includes(undefined));
    expect(logger.codes).toContain('listen_lost');
    heard.length = 0;
    await database.store().record(payment('recovered'));
    await eventually(() => heard.includes('pay@recovered'));
  });

  test('its client goes back when nobody listens any more, and on close', async () => {
    for (const end of ['stop', 'close'] as const) {
      const pool = database.newPool();
      const { store, stop } = await listening(database, { pool });
      // The one that is listened on and the other one that is kept.
      await eventually(() => pool.totalCount - pool.idleCount === 2);
      if (end === 'stop') stop();
      else await store.close();
      await eventually(() => pool.totalCount === pool.idleCount);
      expect(pool.listenerCount('error')).toBe(end === 'stop' ? 1 : 0);
      await pool.end();
    }
  });

  test('a pool that ends before the store gets its client back', async () => {
    const pool = database.newPool();
    await listening(database, { pool });
    await pool.end();
    expect(pool.totalCount).toBe(0);
  });

  describe('where it cannot work', () => {
    test('a pool of one is left to the work', async () => {
      const logger = collectingLogger();
      const store = database.store({ logger, max: 1 });
      store.onDue(() => undefined);
      await eventually(() => logger.codes.includes('listen_unavailable'));
      expect(await store.record(payment('single'))).toEqual({ status: 'recorded' });
      expect(logger.codes).toEqual(['listen_unavailable']);
    });

    test('a pooler that swallows notifications is found out', async () => {
      const logger = collectingLogger();
      const pool = database.newPool();
      const store = database.store({ logger, pool: swallowing(pool) });
      store.onDue(() => undefined);
      await eventually(() => logger.codes.includes('listen_unavailable'));
      await eventually(() => pool.totalCount === pool.idleCount);
      expect(logger.codes).toEqual(['listen_unavailable']);
    });

    test('listen: false takes no client, and the own process is woken all the same', async () => {
      const pool = database.newPool();
      const store = database.store({ pool, listen: false });
      const heard: unknown[] = [];
      store.onDue((subject) => heard.push(subject));
      await store.record(payment('local'));
      await eventually(() => heard.length === 1);
      expect(heard).toEqual(['pay@local']);
      expect(pool.totalCount).toBe(pool.idleCount);
    });
  });
});

/** What a pooler in transaction mode looks like from here: LISTEN is accepted, and nothing is ever heard. */
function swallowing(pool: Pool): PostgresPool {
  return {
    on: () => undefined,
    removeListener: () => undefined,
    async connect() {
      const client = await pool.connect();
      return {
        query: async (query) => client.query(query),
        release: (destroy) => client.release(destroy),
        on: () => undefined,
        removeListener: () => undefined,
      };
    },
  };
}
