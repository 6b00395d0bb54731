import { isUint8Array } from 'node:util/types';
import type { Driver, Row, Statement, Value } from './driver/driver.js';
import type { SqliteHandle } from './driver/handle.js';

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
