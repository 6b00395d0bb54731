// Spaces in PostgreSQL, Redis and a folder that a run has for itself and leaves nothing of.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

const postgresUrl = process.env.BENCH_POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/postgres';
const redisUrl = process.env.BENCH_REDIS_URL ?? 'redis://127.0.0.1:6379';

async function dropKeys(redis, prefix) {
  for (const pattern of [`${prefix}*`, `{${prefix}*`]) {
    const keys = redis.scanStream({ match: pattern, count: 1000 });
    for await (const some of keys) if (some.length > 0) await redis.unlink(...some);
  }
}

/** How the databases keep what they acknowledge, for whoever reads the figures. */
async function settings(pool, redis) {
  const { rows } = await pool.query(
    `SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'fsync', 'synchronous_commit')`,
  );
  const [, appendonly] = await redis.config('GET', 'appendonly');
  const [, appendfsync] = await redis.config('GET', 'appendfsync');
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1];
  return {
    postgres: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    redis: { version, appendonly, appendfsync },
  };
}

/** Opens the databases. `space()` names one more space of this run; `close()` drops them all. */
export async function openDatabases() {
  const pool = new Pool({ connectionString: postgresUrl, max: 2 });
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on('error', () => {});
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-bench-'));
  const run = `bench_${process.pid}`;
  let spaces = 0;

  async function drop(name) {
    await pool.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    await dropKeys(redis, name);
  }

  return {
    pool,
    redis,
    folder,
    settings: () => settings(pool, redis),
    /** The environment of a server that keeps its deliveries in a space of its own. */
    space() {
      spaces += 1;
      return {
        BENCH_SPACE: `${run}_${spaces}_`,
        BENCH_FOLDER: folder,
        BENCH_POSTGRES_URL: postgresUrl,
        BENCH_REDIS_URL: redisUrl,
      };
    },
    drop,
    async close() {
      for (let number = 1; number <= spaces; number += 1) await drop(`${run}_${number}_`);
      rmSync(folder, { recursive: true, force: true });
      await pool.end();
      redis.disconnect();
    },
  };
}
