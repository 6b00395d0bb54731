import type { Driver } from './driver.js';
import type { BetterSqliteHandle } from './handle.js';
import { rowsOf } from './rows.js';

/**
 * A driver over better-sqlite3 or libsql. Values go as one array and rows are read with `all` alone: libsql ends the
 * process on a lone object and adds a column to what `get` returns.
 */
export function betterSqliteDriver(handle: BetterSqliteHandle): Driver {
  return {
    handle,
    exec(sql) {
      handle.exec(sql);
    },
    prepare(sql) {
      const statement = handle.prepare(sql);
      return {
        run: (values) => Number(statement.run([...values]).changes),
        all: (values) => rowsOf(statement.all([...values])),
      };
    },
    close() {
      handle.close();
    },
  };
}
