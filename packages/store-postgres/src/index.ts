// The store
export { postgresStore } from './postgres-store.js';
export type { PostgresAddress, PostgresStoreOptions } from './options.js';
export { schemaSql, type SchemaSqlOptions } from './schema/migrations.js';

// Exactly once
export { withTransaction, type TransactionClient } from './transaction/with-transaction.js';

// What it needs of a driver; `pg` fits
export type {
  PostgresClient,
  PostgresNotification,
  PostgresPool,
  PostgresQuery,
} from './database/pg-types.js';
export type { PostgresTransaction } from './transaction/drivers.js';
