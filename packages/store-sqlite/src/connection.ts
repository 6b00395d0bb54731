import { isUint8Array } from 'node:util/types';
import { readNumber } from '@qbitflow/core/store';
import {
  driverOf,
  WAIT_INSIDE_MS,
  type Driver,
  type Row,
  type SqliteHandle,
  type Statement,
  type Value,
} from './driver.js';

/** An open database whose statements are prepared once. `{deliveries}` in SQL stands for the table. */
export interface Connection {
  /** The open database itself. */
  readonly handle: SqliteHandle;
  exec(sql: string): void;
  /** Runs a statement; how many rows it changed. */
  run(sql: string, values: readonly Value[]): number;
  all(sql: string, values?: readonly Value[]): readonly Row[];
  close(): void;
}

/** A connection over a driver, for the store that owns `table`. */
export function connect(driver: Driver, table: string): Connection {
  const prepared = new Map<string, Statement>();

  function named(sql: string): string {
    return sql.replaceAll('{deliveries}', table);
  }

  function statement(sql: string): Statement {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = driver.prepare(named(sql));
    prepared.set(sql, fresh);
    return fresh;
  }

  return {
    handle: driver.handle,
    exec(sql) {
      driver.exec(named(sql));
    },
    run: (sql, values) => statement(sql).run(checked(values)),
    all: (sql, values = []) => statement(sql).all(checked(values)),
    close() {
      prepared.clear();
      driver.close();
    },
  };
}

/** A value of another kind would end the process inside libsql: it must throw here. */
function checked(values: readonly Value[]): readonly Value[] {
  for (const value of values) if (!isValue(value)) throw new TypeError(describe(value));
  return values;
}

function isValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string' || typeof value === 'bigint') return true;
  return value === null || isUint8Array(value);
}

function describe(value: unknown): string {
  return `SQLite cannot keep a value of type ${typeof value}: a delivery, claim or option has a field of the wrong type`;
}

/** A connection over an open database, whichever driver it is of. */
export function connectionFor(
  handle: SqliteHandle,
  { table }: { readonly table: string },
): Connection {
  return connect(driverOf(handle), table);
}

/** The file an open database is kept in, or `''` when it is in memory and gone with its connection. */
export function fileOf(handle: SqliteHandle): string {
  const rows = connectionFor(handle, { table: '' }).all('PRAGMA database_list');
  const file = rows.find((row) => row['name'] === 'main')?.['file'];
  return typeof file === 'string' ? file : '';
}

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

/** The levels of `PRAGMA synchronous`. */
export const LEVELS = { normal: 1, full: 2 } as const;

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
  const before = row === undefined ? value : readNumber(column, row[column]);
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
