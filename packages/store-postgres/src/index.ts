// The store
export { postgresStore } from './postgres-store.js';
export type { PostgresAddress, PostgresStoreOptions } from './options.js';
export { schemaSql } from './schema/migrations.js';

// What it needs of a driver; `pg` fits
export type {
  PostgresClient,
  PostgresNotification,
  PostgresPool,
  PostgresQuery,
  PostgresTransaction,
} from './database/pg-types.js';
