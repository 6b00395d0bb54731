import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { redisStore } from '@qbitflow/store-redis';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { Redis } from 'ioredis';
import Database from 'libsql';
import { Client, Pool } from 'pg';
import { openPostgresData, openRedisData } from '../journeys/support/store-data.mjs';

/**
 * A store over the merchant's own client, and what that client is asked: `counts` has each statement of PostgreSQL, each
 * command of Redis and each transaction of SQLite with how often it came. `close` removes what was written.
 */
export async function openCountedStore(name) {
  const counts = new Map();
  const count = (text) => {
    const what = String(text).trim().replace(/\s+/g, ' ').slice(0, 100);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  return { counts, ...(await OPENERS[name](count)) };
}

const OPENERS = {
  memory: async () => ({ store: memoryStore(), close: async () => undefined }),
  PostgreSQL: async (count) => {
    const url = process.env.QBITFLOW_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/test';
    const schema = `budget_${randomUUID().replaceAll('-', '')}`;
    class CountedClient extends Client {
      query(query, ...rest) {
        count(query.text ?? query);
        return super.query(query, ...rest);
      }
    }
    const pool = new Pool({ connectionString: url, max: 4, Client: CountedClient });
    const close = async () => {
      await pool.end();
      await openPostgresData(url, schema).remove();
    };
    return { store: postgresStore({ pool, schema }), close };
  },
  Redis: async (count) => {
    const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
    const prefix = `budget-${randomUUID()}`;
    class CountedRedis extends Redis {
      sendCommand(command, ...rest) {
        count(`${command.name} ${String(command.args[0]).slice(0, 12)}`);
        return super.sendCommand(command, ...rest);
      }
    }
    const client = new CountedRedis(url);
    const close = async () => {
      client.disconnect();
      await openRedisData(url, prefix).remove();
    };
    return { store: redisStore({ client, prefix }), close };
  },
  SQLite: async (count) => {
    const folder = await mkdtemp(join(tmpdir(), 'qbitflow-budget-'));
    const handle = countTransactions(new Database(join(folder, 'shop.db')), count);
    const close = async () => {
      handle.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { store: sqliteStore(handle), close };
  },
};

/** Counts what reaches the disk: a `BEGIN`, and every statement that writes outside of one. */
function countTransactions(handle, count) {
  const { exec, prepare } = handle;
  handle.exec = (sql) => {
    if (/^BEGIN/i.test(sql)) count(sql);
    return exec.call(handle, sql);
  };
  handle.prepare = (sql) => {
    const statement = prepare.call(handle, sql);
    const isWrite = !/^\s*(?:SELECT|PRAGMA)/i.test(sql);
    for (const method of ['run', 'all']) {
      const call = statement[method];
      statement[method] = (...values) => {
        if (isWrite && !handle.inTransaction) count(sql);
        return call.apply(statement, values);
      };
    }
    return statement;
  };
  return handle;
}
