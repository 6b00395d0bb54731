import type { Connection } from './connection.js';
import { integer } from './row.js';

/** The levels of `PRAGMA synchronous`. */
export const LEVELS = { normal: 1, full: 2 } as const;

/** How long SQLite itself waits for a lock, in ms: longer waits are spent outside, where the event loop goes on. */
export const WAIT_INSIDE_MS = 20;

/**
 * Runs `work` with the merchant's own connection at least as durable as asked and without long waits that stop the event
 * loop, then puts its settings back: better-sqlite3 comes with `normal`, which may forget a commit in a power cut, and
 * waits for 5 seconds.
 */
export function asOurs(db: Connection, synchronous: keyof typeof LEVELS, work: () => void): void {
  const level = LEVELS[synchronous];
  const inTime = { name: 'busy_timeout', column: 'timeout', meets: isShort, value: WAIT_INSIDE_MS };
  const durable = { name: 'synchronous', meets: (now: number) => now >= level, value: level };
  withSetting(db, inTime, () => {
    withSetting(db, { column: 'synchronous', ...durable }, work);
  });
}

const isShort = (now: number): boolean => now <= WAIT_INSIDE_MS;

interface Setting {
  readonly name: string;
  readonly column: string;
  readonly meets: (now: number) => boolean;
  readonly value: number;
}

function withSetting(
  db: Connection,
  { name, column, meets, value }: Setting,
  work: () => void,
): void {
  const [row] = db.all(`PRAGMA ${name}`);
  const before = row === undefined ? value : integer(row, column);
  if (meets(before)) {
    work();
    return;
  }
  db.exec(`PRAGMA ${name} = ${value}`);
  try {
    work();
  } finally {
    db.exec(`PRAGMA ${name} = ${before}`);
  }
}
