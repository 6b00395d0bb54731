import type { Connection } from './connection.js';

/**
 * Runs `work` in one transaction that holds the write lock from its first moment: a read that turns into a write would
 * be refused at once when another process wrote in between, whatever the busy timeout. It never leaves one open.
 */
export function transaction(db: Connection, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rollBack(db: Connection): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // A full disk makes SQLite roll back by itself; the error that counts is the first one.
  }
}
