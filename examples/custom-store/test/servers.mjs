// oxlint-disable vitest/valid-title, vitest/valid-describe-callback, vitest/no-conditional-tests, vitest/no-disabled-tests -- describes for others
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe } from 'vitest';

export const REDIS_URL = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
export const POSTGRES_URL =
  process.env.QBITFLOW_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/test';

/** As `describe`, on a real server: without one it is skipped loudly, and fails on a build machine. */
export async function describeOn(server, name, define) {
  const problem = await server.problem();
  if (problem === undefined) return describe(name, define);
  const message = `${name}: ${server.name} does not answer (${problem})`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`SKIPPED ${message}`);
  return describe.skip(name, define);
}

export const redisServer = {
  name: `Redis on ${REDIS_URL}`,
  async problem() {
    const client = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return undefined;
    } catch (error) {
      return error.message;
    } finally {
      client.disconnect();
    }
  },
};

export const postgresServer = {
  name: `PostgreSQL on ${POSTGRES_URL}`,
  async problem() {
    const client = new Client({ connectionString: POSTGRES_URL });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return undefined;
    } catch (error) {
      return error.message || error.code;
    } finally {
      await client.end().catch(() => undefined);
    }
  },
};
