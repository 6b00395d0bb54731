import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { postgresStore } from '@qbitflow/store-postgres';
import { redisStore } from '@qbitflow/store-redis';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { hasPostgres, startPostgres } from './servers/postgres.mjs';
import { hasRedis, startRedis } from './servers/redis.mjs';

/** The durable stores. */
export const KINDS = ['sqlite', 'redis', 'postgres'];

const SERVERS = {
  redis: { has: hasRedis, start: startRedis },
  postgres: { has: hasPostgres, start: startPostgres },
};

/** Whether this machine has what the store needs. */
export const isAvailable = (kind) => SERVERS[kind]?.has() ?? true;

/** Opens a store for the checker: `{ spec, store, pool?, release }`; `spec` is what receivers are given. */
const OPENERS = {
  sqlite: ({ folder, name }) => {
    const file = join(folder, `${name}.db`);
    return { spec: `sqlite:${file}`, store: sqliteStore(file), release: async () => undefined };
  },
  redis: ({ server, name }) => {
    const client = new Redis(server.url, { maxRetriesPerRequest: 1 });
    client.on('error', () => undefined);
    const store = redisStore({ client, prefix: name });
    const spec = `${server.url}/?prefix=${name}`;
    return { spec, store, release: async () => client.disconnect() };
  },
  postgres: ({ server, name }) => {
    const pool = new Pool({ connectionString: server.url, max: 4 });
    pool.on('error', () => undefined);
    const store = postgresStore({ pool, schema: name, listen: false });
    return { spec: `${server.url}?schema=${name}`, store, pool, release: async () => pool.end() };
  },
};

/**
 * Where scenarios on one kind of store take place: one throw-away server, if the store has one, and for each `open()` a
 * store of its own on it, with a folder for logs.
 */
export async function startArenas(kind) {
  const server = await SERVERS[kind]?.start();
  let count = 0;

  async function open() {
    count += 1;
    const name = `chaos_${count}`;
    const folder = await mkdtemp(join(tmpdir(), 'qbitflow-chaos-'));
    const opened = OPENERS[kind]({ server, name, folder });
    await opened.store.init?.();
    return {
      kind,
      name,
      server,
      ...opened,
      log: join(folder, 'handled.log'),
      async close() {
        await opened.store.close();
        await opened.release();
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  return {
    kind,
    /** Runs a scenario in an arena of its own and tidies up, whatever happened. */
    async run(scenario, options) {
      const arena = await open();
      try {
        return await scenario(arena, options);
      } finally {
        await arena.close();
      }
    },
    close: async () => server?.close(),
  };
}
