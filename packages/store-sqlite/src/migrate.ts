import { QBitFlowError } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { MIGRATIONS } from './migrations.js';
import { transaction } from './transaction.js';

// Not `user_version`: in the merchant's own file that number is the merchant's.
const CREATE =
  'CREATE TABLE IF NOT EXISTS {deliveries}_schema (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)';
const BEGIN = 'INSERT OR IGNORE INTO {deliveries}_schema (one, version) VALUES (1, 0)';
const READ = 'SELECT version FROM {deliveries}_schema';
const WRITE = 'UPDATE {deliveries}_schema SET version = ?';
const EXISTS = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?";

/**
 * Brings the file to the version this package writes. Any number of processes may do so at once: one does the work
 * under the write lock, the others find it done. Throws `misconfigured` when a newer package has been here.
 */
export function migrate(db: Connection, table: string): void {
  const exists = db.all(EXISTS, [`${table}_schema`]).length > 0;
  // Looked at without the lock first: usually nothing is to be done, and a reader needs no right to write.
  if (exists && versionOf(db) === MIGRATIONS.length) return;
  transaction(db, () => {
    db.exec(CREATE);
    db.exec(BEGIN);
    const from = versionOf(db);
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.run(WRITE, [MIGRATIONS.length]);
  });
}

function versionOf(db: Connection): number {
  const version = Number(db.all(READ).at(0)?.['version'] ?? 0);
  if (version <= MIGRATIONS.length) return version;
  throw new QBitFlowError(
    'misconfigured',
    `the SQLite file was written by a newer @qbitflow/store-sqlite (schema ${version}, this one knows ${MIGRATIONS.length}): update the package here, or take another prefix`,
    { facts: { version } },
  );
}
