import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { postgresStore } from '../../src/index.js';
import { collectingLogger } from '../support/collecting-logger.js';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { eventually, rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

const RECORDED = { status: 'recorded' };

/** What handlers do with README's pattern: they hold every client that the pool has for them. */
async function holdAll(pool: Pool): Promise<PoolClient[]> {
  const held: PoolClient[] = [];
  while (pool.totalCount < (pool.options.max ?? 10) || pool.idleCount > 0)
    held.push(await pool.connect());
  onTestFinished(() => {
    for (const client of held) client.release();
  });
  return held;
}

const taken = (pool: Pool) => pool.totalCount - pool.idleCount;

await describeOnPostgres('two clients stay with the kit', (database) => {
  /** A store that was started, and has its clients. */
  async function started(max: number, options: { listen?: boolean } = {}) {
    const pool = database.newPool({ max });
    const store = database.store({ pool, timeoutMs: 2_000, ...options });
    await store.init();
    const kept = Math.min(2, max - 1);
    await eventually(() => pool.totalCount >= kept);
    return { pool, store, kept };
  }

  test.each([2, 3, 10])(
    'of a pool of %i: handlers hold all the others, and everything goes on',
    async (max) => {
      const { pool, store, kept } = await started(max);
      const held = await holdAll(pool);
      expect(held).toHaveLength(max - kept);
      const names = Array.from({ length: 20 }, (_, index) => `${max}-${index}`);
      const outcomes = await Promise.all(names.map(async (name) => store.record(payment(name))));
      expect(outcomes.filter(({ status }) => status === 'recorded')).toHaveLength(20);
      const claims = await store.takeDue({ limit: 20, leaseMs: LEASE });
      expect(claims).toHaveLength(20);
      const renewed = claims.map(async (claim) => store.extend(claim, { leaseMs: LEASE, ...none }));
      expect(new Set(await Promise.all(renewed))).toEqual(new Set(['ok']));
      const [first, second, third, ...others] = claims;
      if (!first || !second || !third) throw new Error('twenty were taken');
      expect([
        await store.retry(first, { delayMs: LEASE, error: 'x', ...none }),
        await store.bury(second, { error: 'x', ...none }),
        await store.extend(third, { leaseMs: LEASE, succeeded: ['a'] }),
      ]).toEqual(['ok', 'ok', 'ok']);
      const completed = [third, ...others].map(async (claim) => store.complete(claim, none));
      expect(new Set(await Promise.all(completed))).toEqual(new Set(['ok']));
    },
  );

  test('of a pool of one none is kept, and it serves everybody in turn', async () => {
    const pool = database.newPool({ max: 1 });
    const store = database.store({ pool, timeoutMs: 300 });
    await store.init();
    expect(taken(pool)).toBe(0);
    const client = await pool.connect();
    expect(await rejectionOf(store.record(payment('one')))).toMatchObject({
      code: 'store_unavailable',
    });
    client.release();
    expect(await store.record(payment('one'))).toEqual(RECORDED);
  });

  test('not before init(): a script that looks at deliveries holds nothing', async () => {
    const pool = database.newPool();
    const store = database.store({ pool });
    await store.stats();
    await store.list({});
    expect(taken(pool)).toBe(0);
  });

  test('they go back with close(), also when it comes while they are in use', async () => {
    const { pool, store } = await started(10);
    await eventually(() => taken(pool) === 2);
    const records = Array.from({ length: 5 }, async (_, index) =>
      store.record(payment(`c${index}`)),
    );
    // Past the turn of the event loop in which they are put together.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const closed = store.close();
    await Promise.all(records);
    await closed;
    await eventually(() => taken(pool) === 0);
    await pool.end();
    expect(pool.totalCount).toBe(0);
  });

  test('a pool that is ended before the store gets them back', async () => {
    const { pool, store } = await started(10);
    store.onDue(() => undefined);
    await eventually(() => taken(pool) === 2);
    await pool.end();
    expect(pool.totalCount).toBe(0);
    expect(await rejectionOf(store.record(payment('ended')))).toMatchObject({
      code: 'store_unavailable',
    });
  });

  test('a dozen stores on one pool share them, and nobody warns of listeners', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning.message);
    process.on('warning', onWarning);
    onTestFinished(() => void process.removeListener('warning', onWarning));
    const pool = database.newPool({ max: 4 });
    const schemas = Array.from({ length: 12 }, (_, index) => `${database.schema}_d${index}`);
    const stores = schemas.map((schema) => database.store({ pool, schema }));
    const heard: string[] = [];
    for (const [index, store] of stores.entries()) {
      await store.init();
      store.onDue(() => heard.push(schemas[index] ?? ''));
    }
    const held = await holdAll(pool);
    expect(held).toHaveLength(2);
    const outcomes = await Promise.all(stores.map(async (store) => store.record(payment('dozen'))));
    expect(outcomes).toEqual(stores.map(() => RECORDED));
    const others = schemas.map((schema) => database.store({ schema }));
    await eventually(async () => {
      await Promise.all(others.map(async (store) => store.record(payment(Math.random()))));
      return new Set(heard).size === 12;
    });
    for (const store of stores.slice(1)) await store.close();
    expect(await stores[0]?.record(payment('last one'))).toEqual(RECORDED);
    expect(pool.listenerCount('error')).toBe(1);
    await stores[0]?.close();
    expect(pool.listenerCount('error')).toBe(0);
    await eventually(() => taken(pool) === held.length);
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  test('one that is killed while nobody uses it is logged and replaced', async () => {
    const logger = collectingLogger();
    const pool = database.newPool({ application_name: `${database.schema}_kept`, max: 3 });
    const store = database.store({ pool, logger });
    await store.init();
    await eventually(() => taken(pool) === 2);
    await database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [`${database.schema}_kept`],
    );
    await eventually(() => logger.codes.includes('idle_client_lost'));
    await eventually(() => taken(pool) === 2);
    await holdAll(pool);
    expect(await store.record(payment('replaced'))).toEqual(RECORDED);
    expect((await takeOne(store)).key).toBeTypeOf('string');
  });

  test('a row that a transaction locks for ever holds up neither recording nor renewing', async () => {
    const { pool, store } = await started(4);
    await store.record(payment('locked'));
    await store.record(payment('renewed'));
    const claims = await store.takeDue({ limit: 9, leaseMs: LEASE });
    const [locked, renewed] = ['locked', 'renewed'].map((name) =>
      claims.find(({ key }) => key === payment(name).key),
    );
    if (!locked || !renewed) throw new Error('both were due');
    const tx = await database.pool.connect();
    await tx.query('BEGIN');
    expect(await store.completeWithin(tx, locked, { ...none, done: true })).toBe('ok');
    await holdAll(pool);
    const stuck = [rejectionOf(store.bury(locked, { error: 'x', ...none }))];
    const again = await Promise.all([
      store.record(payment('locked')),
      store.record(payment('fresh')),
      store.extend(renewed, { leaseMs: LEASE, ...none }),
      store.extend(locked, { leaseMs: LEASE, ...none }),
    ]);
    expect(again).toEqual([{ status: 'duplicate', state: 'running' }, RECORDED, 'ok', 'ok']);
    expect(await Promise.all(stuck)).toMatchObject([{ code: 'store_unavailable' }]);
    await tx.query('COMMIT');
    tx.release();
    expect(await store.get(locked.key)).toMatchObject({ state: 'done' });
  });

  test('a client whose statement took too long is replaced, not handed on', async () => {
    const { pool, store } = await started(2);
    await holdAll(pool);
    const lock = await database.pool.connect();
    await lock.query('BEGIN');
    await lock.query(`LOCK TABLE "${database.schema}".delivery`);
    expect(await rejectionOf(store.record(payment('slow')))).toMatchObject({
      code: 'store_unavailable',
    });
    await lock.query('ROLLBACK');
    lock.release();
    await eventually(async () =>
      store.record(payment('quick')).then(
        () => true,
        () => false,
      ),
    );
  });

  describe('a pool that cannot serve all handlers', () => {
    async function warningsOf(max: number, concurrency: number) {
      const warnings: unknown[] = [];
      const warn = (facts: object) => void warnings.push(facts);
      const kit = { ...collectingLogger(), warn };
      const store = database.store({ pool: database.newPool({ max }) });
      await store.init({ concurrency, logger: kit });
      await store.init({ concurrency, logger: kit });
      return warnings;
    }

    test.each([
      [10, 10, 2],
      [11, 10, 2],
      [2, 1, 1],
      [1, 1, 0],
    ])('is told once at start: %i clients, %i handlers', async (max, concurrency, kept) => {
      const facts = { code: 'pool_too_small', max, kept, concurrency };
      expect(await warningsOf(max, concurrency)).toMatchObject([facts]);
    });

    test.each([
      [12, 10],
      [3, 1],
      [10, 0],
    ])('is not told where it fits: %i clients, %i handlers', async (max, concurrency) => {
      expect(await warningsOf(max, concurrency)).toEqual([]);
    });

    test('the store’s own logger hears of it where it has one', async () => {
      const logger = collectingLogger();
      const store = database.store({ logger, pool: database.newPool({ max: 5 }) });
      await store.init({ concurrency: 5, logger: collectingLogger() });
      expect(logger.codes).toContain('pool_too_small');
    });
  });

  test('at rest they keep no process alive', async () => {
    const file = join(import.meta.dirname, '..', 'support', 'idle-process.mjs');
    const child = spawn(process.execPath, [file, database.url, database.schema], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  test('a connection string opens enough for ten handlers beside them', async () => {
    const store = postgresStore({ connectionString: database.url, schema: database.schema });
    const logger = collectingLogger();
    await store.init({ concurrency: 10, logger });
    expect(logger.codes).toEqual([]);
    await store.close();
  });
});
