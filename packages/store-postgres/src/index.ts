/**
 * An inbox in PostgreSQL.
 * @module @qbitflow/store-postgres
 */

// The store
export { postgresStore } from './store.js';
export type { PostgresAddress, PostgresStoreOptions } from './options.js';
export { schemaSql, type SchemaSqlOptions } from './schema.js';

// Exactly once
export { withTransaction, type TransactionClient } from './transactions.js';

// What it needs of a driver; `pg` fits
export type { PostgresClient, PostgresNotification, PostgresPool, PostgresQuery } from './pool.js';
export type { PostgresTransaction } from './transactions.js';
