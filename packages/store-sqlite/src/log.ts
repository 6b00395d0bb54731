import type { Connection } from './connection.js';

/** Whether the database keeps a write-ahead log beside its file. */
export function keepsLog(db: Connection): boolean {
  return db.all('PRAGMA journal_mode').at(0)?.['journal_mode'] === 'wal';
}

/** Moves everything from the log into the file; whether nothing was left. */
export function emptyLog(db: Connection): boolean {
  try {
    return Number(db.all('PRAGMA wal_checkpoint(TRUNCATE)').at(0)?.['busy']) === 0;
  } catch {
    return false;
  }
}
