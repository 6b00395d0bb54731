import { QBitFlowError } from '@qbitflow/core';
import type { Value } from './driver.js';

interface Changes {
  readonly changes: number | bigint;
}

/** What is used of a `DatabaseSync` of `node:sqlite`. */
export interface NodeSqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: Value[]): unknown[];
    run(...values: Value[]): Changes;
  };
  close(): unknown;
}

/** What is used of a `Database` of better-sqlite3 or libsql. */
export interface BetterSqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: unknown[]): unknown[];
    run(...values: unknown[]): Changes;
  };
  pragma(source: string): unknown;
  close(): unknown;
}

/** An open database of the merchant's own: `node:sqlite`, better-sqlite3 or libsql. */
export type SqliteHandle = NodeSqliteHandle | BetterSqliteHandle;

/** Whether a handle takes its values as one array, as better-sqlite3 and libsql do. */
export function takesArrays(handle: SqliteHandle): handle is BetterSqliteHandle {
  return 'pragma' in handle;
}

/** Whether a value looks like an open database of a driver this package knows. */
export function isSqliteHandle(value: unknown): value is SqliteHandle {
  if (typeof value !== 'object' || value === null) return false;
  return ['exec', 'prepare', 'close'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}

/** The handle a driver's class made, or an error saying that the driver is not the one expected. */
export function newHandle(factory: unknown, args: readonly unknown[]): SqliteHandle {
  const made: unknown = typeof factory === 'function' ? Reflect.construct(factory, args) : factory;
  if (isSqliteHandle(made)) return made;
  throw new QBitFlowError(
    'misconfigured',
    'the SQLite driver that was loaded has no usable database class: install libsql 0.5.29 or pass an open database',
  );
}
