import { join } from 'node:path';
import { durableStoreSuite } from '@qbitflow/conformance';
import { test } from 'vitest';
import { Pool } from 'pg';
import { postgresStore } from '../src/index.js';
import { describeOnPostgres } from './support/postgres.js';

const file = join(import.meta.dirname, 'support', 'store-module.mjs');

await describeOnPostgres('what every durable store promises', (database) => {
  let cases = 0;

  /** The server's clock is everybody's: all times that were kept are turned the other way instead. */
  async function turnClock(schema: string, byMs: number): Promise<void> {
    const turned = (...columns: string[]) =>
      columns.map((column) => `${column} = ${column} - interval '${byMs} ms'`).join(', ');
    const times = {
      delivery: turned('at', 'ready_at', 'due_since', 'taken_at', 'recorded_at'),
      lease: turned('until'),
      tombstone: turned('at'),
      note: turned('at', 'until'),
      memory: turned('born_at', 'forgotten_at'),
    };
    for (const [table, set] of Object.entries(times))
      await database.sql(`UPDATE "${schema}".${table} SET ${set}`);
  }

  durableStoreSuite({
    test,
    capabilities: { turnsClock: true },
    async createStore() {
      cases += 1;
      const schema = `${database.schema}_${cases}`;
      const pools: Pool[] = [];
      const open = async () => {
        const pool = new Pool({ connectionString: database.url, max: 4 });
        pools.push(pool);
        return postgresStore({ pool, schema });
      };
      return {
        store: await open(),
        reopen: open,
        openSecond: open,
        processModule: { file, argument: { url: database.url, schema } },
        turnClock: async (byMs) => turnClock(schema, byMs),
        async transaction(work) {
          const tx = await database.pool.connect();
          try {
            await tx.query('BEGIN');
            await work(tx);
            await tx.query('COMMIT');
          } catch (error) {
            await tx.query('ROLLBACK');
            throw error;
          } finally {
            tx.release();
          }
        },
        async cleanup() {
          await Promise.all(pools.map(async (pool) => pool.end()));
          await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
        },
      };
    },
  });
});
