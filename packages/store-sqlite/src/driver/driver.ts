import type { SqliteHandle } from './handle.js';

/** What SQLite stores. Nothing else may reach a driver: libsql ends the process on a boolean or an object. */
export type Value = string | number | bigint | null | Uint8Array;

/** One row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** The one shape all SQLite drivers are brought to. Values are positional; `run` tells how many rows it changed. */
export interface Driver {
  /** What it is over. */
  readonly handle: SqliteHandle;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement, used for as long as its driver is open. */
export interface Statement {
  run(values: readonly Value[]): number;
  all(values: readonly Value[]): readonly Row[];
}
