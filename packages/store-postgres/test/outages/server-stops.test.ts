import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Pool, type PoolConfig } from 'pg';
import { postgresStore } from '../../src/index.js';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { eventually, rejectionOf } from '../support/eventually.js';
import { collectingLogger } from '../support/collecting-logger.js';
import { needsBinaries } from '../support/postgres.js';
import { startServer, type ThrowawayServer } from '../support/throwaway-server.js';

const binaries = needsBinaries('a server that goes away');

describe.skipIf(binaries === undefined)('a server that goes away', () => {
  let server: ThrowawayServer;
  beforeAll(async () => {
    server = await startServer(binaries ?? '');
  }, 60_000);
  afterAll(async () => server.remove());

  async function openStore(config: PoolConfig = {}, timeoutMs = 1_000) {
    const logger = collectingLogger();
    const pool = new Pool({ connectionString: server.url, max: 4, ...config });
    const store = postgresStore({ pool, logger, timeoutMs });
    await store.init();
    onTestFinished(async () => {
      // The server may be gone before the pool has said good-bye.
      pool.on('error', () => undefined);
      await store.close();
      await pool.end();
    });
    return { store, pool, logger };
  }

  const unavailable = { code: 'store_unavailable' };

  test('stopped: every call rejects; started again: all of it works, nothing is lost', async () => {
    const { store, logger } = await openStore();
    const heard: unknown[] = [];
    store.onDue((subject) => heard.push(subject));
    await eventually(() => logger.codes.includes('listening'));
    await store.record(payment('before'));
    const taken = await takeOne(store);
    await server.stop();
    const calls = [
      store.init(),
      store.record(payment('during')),
      store.takeDue({ limit: 1, leaseMs: LEASE }),
      store.extend(taken, { leaseMs: LEASE, ...none }),
      store.complete(taken, none),
      store.retry(taken, { delayMs: 0, error: 'x', ...none }),
      store.bury(taken, { error: 'x', ...none }),
      store.replay('k'),
      store.discard('k'),
      store.get('k'),
      store.list({}),
      store.stats(),
      store.prune({ doneForMs: 0, limit: 1 }),
    ];
    for (const error of await Promise.all(calls.map(rejectionOf)))
      expect(error).toMatchObject(unavailable);

    await server.start();
    expect(await store.complete(taken, none)).toBe('ok');
    expect(await store.record(payment('during'))).toEqual({ status: 'recorded' });
    expect(await store.stats()).toMatchObject({ due: 1, done: 1 });
    await eventually(() => heard.includes(undefined));
    expect(logger.codes).toContain('idle_client_lost');
    const { store: other } = await openStore();
    await other.record(payment('after'));
    await eventually(() => heard.includes('pay@after'));
  });

  test.each(['stop', 'crash'] as const)('%s mid-statement: the call rejects', async (end) => {
    const { store, pool } = await openStore({}, 10_000);
    await store.record(payment(`mid-${end}`));
    const taken = await takeOne(store);
    // Not a lock that another connection holds: that one may end first, and the statement would be done after all.
    await pool.query(`
      CREATE FUNCTION qbitflow.slow() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
      CREATE TRIGGER slow BEFORE UPDATE ON qbitflow.delivery
        FOR EACH ROW EXECUTE FUNCTION qbitflow.slow()`);
    const refused = rejectionOf(store.complete(taken, none));
    const sleeping = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    await eventually(async () => (await pool.query(sleeping)).rowCount === 1);
    await server[end]();
    expect(await refused).toMatchObject(unavailable);
    await server.start();
    await pool.query('DROP TRIGGER slow ON qbitflow.delivery; DROP FUNCTION qbitflow.slow()');
    expect(await store.complete(taken, none)).toBe('ok');
  });

  test('frozen: calls reject in time instead of hanging, and the pool is not used up by them', async () => {
    const { store } = await openStore({ max: 2 }, 300);
    await store.stats();
    server.freeze();
    try {
      for (let round = 0; round < 5; round += 1)
        expect(await rejectionOf(store.record(payment('frozen')))).toMatchObject({
          ...unavailable,
          message: expect.stringContaining('timeout'),
        });
    } finally {
      server.thaw();
    }
    await eventually(async () =>
      store.record(payment('thawed')).then(
        () => true,
        () => false,
      ),
    );
    expect(await store.get(payment('thawed').key)).toMatchObject({ state: 'due' });
  });
});
