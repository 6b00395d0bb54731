import { connect, type Connection } from '../connection.js';
import { betterSqliteDriver } from './better-sqlite.js';
import { takesArrays, type SqliteHandle } from './handle.js';
import { nodeSqliteDriver } from './node-sqlite.js';

/** A connection over an open database, whichever driver it is of. */
export function connectionFor(
  handle: SqliteHandle,
  { table }: { readonly table: string },
): Connection {
  const driver = takesArrays(handle) ? betterSqliteDriver(handle) : nodeSqliteDriver(handle);
  return connect(driver, table);
}

/** The file an open database is kept in, or `''` when it is in memory and gone with its connection. */
export function fileOf(handle: SqliteHandle): string {
  const rows = connectionFor(handle, { table: '' }).all('PRAGMA database_list');
  const file = rows.find((row) => row['name'] === 'main')?.['file'];
  return typeof file === 'string' ? file : '';
}
