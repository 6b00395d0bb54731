import { checkOut, giveBack, type ClientSource } from '../database/checkout.js';
import { toQuery, type Value } from '../database/database.js';
import { within } from '../database/deadline.js';
import { explain } from '../database/explain.js';
import type { PostgresClient, Row } from '../database/pg-types.js';
import { numberOf, readRows } from '../database/row.js';
import { createMigrationsTable, markMigrated, migrations } from './migrations.js';
import type { Names } from './names.js';

type Ask = (text: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** The longest init() may take, waiting for other processes' included, in ms. */
const MIGRATION_MS = 30_000;

/**
 * Brings the schema up to date, once however many processes try: under an advisory lock that ends with its
 * transaction, which a pooler in transaction mode keeps too. A role without CREATE rights finds nothing to do when
 * everything is in place. A newer schema than ours is left alone: steps only ever add.
 */
export async function migrate(source: ClientSource, names: Names): Promise<void> {
  const patient = { ...source, timeoutMs: Math.max(source.timeoutMs, MIGRATION_MS) };
  try {
    const client = await checkOut(source);
    try {
      await within(source.clock, patient.timeoutMs, bringUpToDate(asking(client), names));
      giveBack(client);
    } catch (error) {
      // Closing it rolls back whatever was under way and lets go of the lock.
      giveBack(client, new Error('the migration failed', { cause: error }));
      throw error;
    }
  } catch (error) {
    throw explain(error, `prepare schema ${names.schema}`);
  }
}

function asking(client: PostgresClient): Ask {
  return async (text, values) => readRows((await client.query(toQuery(text, values))).rows);
}

async function bringUpToDate(ask: Ask, names: Names): Promise<void> {
  if ((await versionOf(ask, names)) >= migrations.length) return;
  await ask('BEGIN');
  await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`qbitflow:${names.schema}`]);
  // Another process may have done it while we waited for the lock.
  const version = await versionOf(ask, names);
  if (version === 0) await createSchema(ask, names);
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    for (const statement of statements(names)) await ask(statement);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await ask(markMigrated(names, index + 1));
  }
  await ask('COMMIT');
}

async function versionOf(ask: Ask, { schema, migrations: table }: Names): Promise<number> {
  const [found] = await ask(
    `SELECT count(*) AS tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = 'migration'`,
    [schema],
  );
  if (found === undefined || numberOf(found, 'tables') === 0) return 0;
  const [row] = await ask(`SELECT coalesce(max(version), 0) AS version FROM ${table}`);
  return row === undefined ? 0 : numberOf(row, 'version');
}

async function createSchema(ask: Ask, names: Names): Promise<void> {
  // CREATE SCHEMA IF NOT EXISTS asks for the right to create even when there is nothing to create.
  const known = await ask('SELECT 1 FROM pg_namespace WHERE nspname = $1', [names.schema]);
  if (known.length === 0) await ask(`CREATE SCHEMA ${names.quoted}`);
  await ask(createMigrationsTable(names));
}
