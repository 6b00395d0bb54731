/**
 * An inbox in one SQLite file.
 * @module @qbitflow/store-sqlite
 */

// The store
export { sqliteStore } from './store.js';
export type { SqliteStoreOptions } from './options.js';

// Exactly once
export { withTransaction, type TransactionHandle } from './transactions.js';

// Databases it takes
export type {
  BetterSqliteHandle,
  DriverName,
  NodeSqliteHandle,
  SqliteHandle,
  Value,
} from './driver.js';
