import type { Connection } from './connection.js';
import { integer } from './row.js';

/** The levels of `PRAGMA synchronous`. */
const LEVELS = { normal: 1, full: 2 } as const;

/**
 * Runs `work` with the merchant's own connection at least as durable as asked, then puts its setting back:
 * better-sqlite3 comes with `normal`, which may forget a commit in a power cut.
 */
export function atLeast(db: Connection, synchronous: keyof typeof LEVELS, work: () => void): void {
  const [row] = db.all('PRAGMA synchronous');
  const before = row === undefined ? LEVELS.full : integer(row, 'synchronous');
  if (before >= LEVELS[synchronous]) {
    work();
    return;
  }
  db.exec(`PRAGMA synchronous = ${LEVELS[synchronous]}`);
  try {
    work();
  } finally {
    db.exec(`PRAGMA synchronous = ${before}`);
  }
}
