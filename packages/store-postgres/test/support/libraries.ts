import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle as drizzleOnPg } from 'drizzle-orm/node-postgres';
import { drizzle as drizzleOnPostgresJs } from 'drizzle-orm/postgres-js';
import knex from 'knex';
import { Client, Pool } from 'pg';
import postgres from 'postgres';
import { onTestFinished } from 'vitest';

/** A transaction of some library: what completeWithin is given, and a way to write with it. */
export interface LibraryTransaction {
  readonly tx: unknown;
  readonly run: (text: string) => Promise<unknown>;
}

/** A library of the merchant's: opens transactions, and has something that is none but looks like one. */
export interface Library {
  readonly transaction: <T>(work: (transaction: LibraryTransaction) => Promise<T>) => Promise<T>;
  readonly outside?: unknown;
}

type Open = (url: string) => Promise<Library>;

/** BEGIN, COMMIT and ROLLBACK by hand. */
async function byHand<T>(
  client: Client,
  tx: unknown,
  work: (it: LibraryTransaction) => Promise<T>,
) {
  await client.query('BEGIN');
  try {
    const result = await work({ tx, run: async (text) => client.query(text) });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** What the README shows for libraries that the store does not know: `query` alone, giving rows in one way or another. */
function adapted(shape: (rows: unknown[]) => unknown): Open {
  return async (url) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => client.end());
    const adapter = {
      query: async (text: string, values: unknown[]) =>
        shape((await client.query(text, values)).rows),
    };
    return { transaction: async (work) => byHand(client, adapter, work), outside: adapter };
  };
}

/** Real libraries on a real server, and shapes of others. */
export const libraries: Readonly<Record<string, Open>> = {
  async pg(url) {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => client.end());
    return { transaction: async (work) => byHand(client, client, work), outside: client };
  },
  async knex(url) {
    const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 3 } });
    onTestFinished(async () => db.destroy());
    return {
      transaction: async (work) =>
        db.transaction(async (trx) => work({ tx: trx, run: async (text) => trx.raw(text) })),
      outside: db,
    };
  },
  async 'drizzle on pg'(url) {
    const pool = new Pool({ connectionString: url, max: 3 });
    onTestFinished(async () => pool.end());
    const db = drizzleOnPg(pool);
    return {
      transaction: async (work) =>
        db.transaction(async (tx) =>
          work({ tx, run: async (text) => tx.execute(drizzleSql.raw(text)) }),
        ),
      outside: db,
    };
  },
  async 'drizzle on postgres.js'(url) {
    const client = postgres(url, { max: 3, onnotice: () => undefined });
    onTestFinished(async () => client.end());
    const db = drizzleOnPostgresJs(client);
    return {
      transaction: async (work) =>
        db.transaction(async (tx) =>
          work({ tx, run: async (text) => tx.execute(drizzleSql.raw(text)) }),
        ),
      outside: db,
    };
  },
  async 'postgres.js'(url) {
    const sql = postgres(url, { max: 3, onnotice: () => undefined });
    onTestFinished(async () => sql.end());
    return {
      async transaction(work) {
        const results: Awaited<ReturnType<typeof work>>[] = [];
        await sql.begin(async (tx) => {
          results.push(await work({ tx, run: async (text) => tx.unsafe(text) }));
        });
        return results[0] as Awaited<ReturnType<typeof work>>;
      },
      outside: sql,
    };
  },
  /** The client itself weighs 70 MB and runs in test/docs alone: here, that this is what is called, with a text a parameter. */
  async 'the shape of Prisma'(url) {
    const client = new Client({ connectionString: url });
    await client.connect();
    onTestFinished(async () => client.end());
    const tx = {
      $executeRaw: () => undefined,
      $queryRawUnsafe: async (text: string, ...values: unknown[]) =>
        (await client.query(text, values)).rows,
    };
    return { transaction: async (work) => byHand(client, tx, work), outside: tx };
  },
  'a query that gives rows': adapted((rows) => rows),
  'a query that gives { rows }': adapted((rows) => ({ rows })),
};
