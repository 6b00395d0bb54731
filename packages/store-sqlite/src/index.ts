// The store
export { sqliteStore } from './sqlite-store.js';
export type { SqliteStoreOptions } from './options.js';

// Exactly once
export { withTransaction, type TransactionHandle } from './transaction/with-transaction.js';

// Databases it takes
export type { BetterSqliteHandle, NodeSqliteHandle, SqliteHandle } from './driver/handle.js';
export type { DriverName } from './driver/load.js';
export type { Value } from './driver/driver.js';
