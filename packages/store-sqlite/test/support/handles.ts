import Libsql from 'libsql';
import { onTestFinished } from 'vitest';
import type { SqliteHandle } from '../../src/index.js';
import { openFile } from '../../src/driver.js';

/** Whether this Node has `node:sqlite`. */
export const hasNodeSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

/** The kinds of open databases a merchant may pass in that this machine has. */
export const drivers = hasNodeSqlite ? (['libsql', 'node'] as const) : (['libsql'] as const);

/** A merchant's own open database of the given driver, closed when the test ends. */
export async function openHandle(
  file: string,
  driver: (typeof drivers)[number],
): Promise<SqliteHandle> {
  const handle = await openFile(file, driver);
  onTestFinished(() => {
    try {
      handle.close();
    } catch {
      // The test closed it.
    }
  });
  return handle;
}

/** A libsql database, with what tests need beyond the handle. */
export function openLibsql(file: string): InstanceType<typeof Libsql> {
  const handle = new Libsql(file);
  onTestFinished(() => {
    handle.close();
  });
  return handle;
}

/** All rows of a query on a handle of any kind, without values. */
export function rowsOf(handle: SqliteHandle, sql: string): readonly unknown[] {
  return 'pragma' in handle ? handle.prepare(sql).all([]) : handle.prepare(sql).all();
}
