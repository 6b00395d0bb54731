import { postgresStore } from '@qbitflow/store-postgres';
import { redisStore } from '@qbitflow/store-redis';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

/** Stores on one prefix of a Redis, and how to remove what they wrote. */
export function openRedisData(url, prefix) {
  const client = new Redis(url);
  return {
    open: () => redisStore({ client, prefix }),
    async remove() {
      for await (const keys of client.scanStream({ match: `*{${prefix}}:*`, count: 1_000 }))
        if (keys.length > 0) await client.unlink(keys);
      client.disconnect();
    },
  };
}

/** Stores on one schema of a PostgreSQL, and how to remove it. */
export function openPostgresData(url, schema) {
  const pool = new Pool({ connectionString: url, max: 8 });
  return {
    open: () => postgresStore({ pool, schema }),
    async remove() {
      await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await pool.end();
    },
  };
}
