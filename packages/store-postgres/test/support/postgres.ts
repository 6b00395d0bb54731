// oxlint-disable vitest/valid-title, vitest/no-conditional-tests, vitest/no-disabled-tests -- describes for others, by the names they give
import { randomBytes } from 'node:crypto';
import { Client, Pool, type PoolConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DurableStore } from '@qbitflow/core';
import { postgresStore, type PostgresStoreOptions } from '../../src/index.js';
import { findBinaries, startServer } from './throwaway-server.js';

/** The server the tests run on, and a schema of this file's own in it. */
export interface TestDatabase {
  readonly url: string;
  readonly schema: string;
  /** The tests' own connections, to look behind the store's back. */
  readonly pool: Pool;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Another store on the same schema, on a pool of its own, closed with the test. */
  store(options?: StoreOptions): Required<DurableStore>;
  /** A pool that ends with the test. */
  newPool(config?: PoolConfig): Pool;
}

export type StoreOptions = Partial<Omit<PostgresStoreOptions, 'connectionString'>> & {
  max?: number;
};

const WANTED = process.env['QBITFLOW_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A describe on a real PostgreSQL: the one that runs, else one of our own; skipped loudly where there is neither, and failed in CI. */
export async function describeOnPostgres(
  name: string,
  body: (database: TestDatabase) => void,
): Promise<void> {
  const running = await answers(WANTED);
  const binaries = findBinaries();
  if (!running && binaries === undefined) return withoutServer(name);
  describe(name, () => {
    const schema = `qbf_test_${randomBytes(6).toString('hex')}`;
    const state: { url: string; pool?: Pool; stop?: () => Promise<void> } = { url: WANTED };
    const pool = () => state.pool ?? expect.fail('the database is opened before the tests');

    beforeAll(async () => {
      if (!running && binaries !== undefined) {
        const server = await startServer(binaries);
        Object.assign(state, { url: server.url, stop: async () => server.remove() });
      }
      state.pool = new Pool({ connectionString: state.url, max: 4 });
      state.pool.on('error', () => undefined);
      const store = postgresStore({ pool: state.pool, schema });
      await store.init();
      await store.close();
    });
    afterAll(async () => {
      await dropSchemas(pool(), schema);
      await state.pool?.end();
      await state.stop?.();
    });

    body({
      schema,
      get url() {
        return state.url;
      },
      get pool() {
        return pool();
      },
      sql: async (text, values) => (await pool().query(text, values)).rows,
      store(options = {}) {
        const { max = 4, pool: given, ...rest } = options;
        const own = given ?? newPool(state.url, { max });
        const store = postgresStore({ schema, ...rest, pool: own });
        onTestFinished(async () => store.close());
        return store;
      },
      newPool: (config) => newPool(state.url, config),
    });
  });
}

/** The file's schema and those its tests made beside it, also what a failed test left. */
async function dropSchemas(pool: Pool, schema: string): Promise<void> {
  const { rows } = await pool.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)',
    [schema],
  );
  for (const { nspname } of rows) await pool.query(`DROP SCHEMA "${nspname}" CASCADE`);
}

function newPool(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, max: 4, ...config });
  onTestFinished(async () => {
    if (!pool.ended && !pool.ending) await pool.end();
  });
  return pool;
}

/** The server's programs, for tests that start and stop one; as above where there are none. */
export function needsBinaries(name: string): string | undefined {
  const binaries = findBinaries();
  if (binaries === undefined) withoutServer(name);
  return binaries;
}

function withoutServer(name: string): void {
  const message = `${name}: NO POSTGRESQL at ${new URL(WANTED).host}, and none installed: not tested`;
  if (process.env['CI'] === 'true') {
    test(name, () => expect.fail(message));
    return;
  }
  // oxlint-disable-next-line no-console -- what is not tested must be seen
  console.warn(message);
  describe.skip(name, () => {
    test('needs PostgreSQL', () => expect.fail(message));
  });
}
