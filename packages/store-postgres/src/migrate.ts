import { QBitFlowError, type StoreSchema } from '@qbitflow/core/store';
import { numberOf } from './codec.js';
import { isRow, toQuery, type ClientSource, type Database, type Value } from './database.js';
import { codeOf, explain, STORE, within } from './errors.js';
import type { PostgresClient, Row } from './pool.js';
import { createMigrationsTable, markMigrated, migrations, type Names } from './schema.js';

type Ask = (text: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** The longest init() may take, in ms: an index on a table of many gigabytes takes minutes. */
const MIGRATION_MS = 600_000;
/** While it waits for a lock, everything else waits behind it. */
const LOCK_WAIT = "'5s'";

/**
 * Brings the schema up to date, once however many processes try: under an advisory lock that ends with its
 * transaction, which a pooler in transaction mode keeps too. A role without CREATE rights finds nothing to do when
 * everything is in place. A newer schema than ours is left alone: steps only ever add.
 */
export async function migrate(source: ClientSource, names: Names): Promise<void> {
  try {
    const loan = await source.lend();
    try {
      const timeoutMs = Math.max(source.timeoutMs, MIGRATION_MS);
      await within({ clock: source.clock, timeoutMs }, bringUpToDate(asking(loan.client), names));
      loan.giveBack();
    } catch (error) {
      // Closing it rolls back whatever was under way and lets go of the lock.
      loan.giveBack(new Error('the migration failed', { cause: error }));
      throw error;
    }
  } catch (error) {
    throw explain(error, `prepare schema ${names.schema}`);
  }
}

function asking(client: PostgresClient): Ask {
  return async (text, values) => (await client.query(toQuery(text, values))).rows.filter(isRow);
}

async function bringUpToDate(ask: Ask, names: Names): Promise<void> {
  if ((await versionOf(ask, names)) >= migrations.length) return;
  await ask('BEGIN ISOLATION LEVEL READ COMMITTED');
  await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`qbitflow:${names.schema}`]);
  // Another process may have done it while we waited for the lock.
  const version = await versionOf(ask, names);
  await ask(`SET LOCAL lock_timeout = ${LOCK_WAIT}`);
  try {
    if (version === 0) await createSchema(ask, names);
    await runSteps(ask, names, version);
  } catch (error) {
    throw version > 0 && codeOf(error) === '42501' ? mayNotUpgrade(error, names, version) : error;
  }
  await ask('COMMIT');
}

async function runSteps(ask: Ask, names: Names, version: number): Promise<void> {
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    for (const statement of statements(names)) await ask(statement);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await ask(markMigrated(names, index + 1));
  }
}

/** The version of the schema that is there, and this package's. Makes nothing. */
export async function readSchema(source: ClientSource, names: Names): Promise<StoreSchema> {
  try {
    const loan = await source.lend();
    try {
      const reading = versionOf(asking(loan.client), names);
      const found = await within({ clock: source.clock, timeoutMs: source.timeoutMs }, reading);
      loan.giveBack();
      return { found: found === 0 ? undefined : found, current: migrations.length };
    } catch (error) {
      loan.giveBack(error);
      throw error;
    }
  } catch (error) {
    throw explain(error, `read the version of schema ${names.schema}`);
  }
}

function mayNotUpgrade(cause: unknown, { schema }: Names, version: number): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the tables of schema ${schema} are of version ${version}, this release needs ${migrations.length}, and the role may not change them: have their owner run schemaSql(${JSON.stringify(schema)}, { from: ${version} }), or start once as the owner`,
    { cause, facts: { store: STORE, schema, version } },
  );
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

/**
 * After a restore the sequence may stand below the rows that were brought back: each number would be refused once.
 * Counts it up, which needs no more rights than using it does.
 */
export async function catchUp(database: Database): Promise<void> {
  const { sequence, deliveries } = database.names;
  const text = `WITH highest AS MATERIALIZED (SELECT max(seq) AS seq FROM ${deliveries}),
here AS MATERIALIZED (SELECT nextval('${sequence}') AS seq)
SELECT count(nextval('${sequence}')) FROM highest, here, generate_series(here.seq + 1, highest.seq)`;
  await database.run({ action: 'count the order of recording up', text, values: [] });
}
