import type { Driver } from './driver.js';
import type { NodeSqliteHandle } from './handle.js';
import { rowsOf } from './rows.js';

/** A driver over `node:sqlite`, which takes values one by one. */
export function nodeSqliteDriver(handle: NodeSqliteHandle): Driver {
  return {
    handle,
    exec(sql) {
      handle.exec(sql);
    },
    prepare(sql) {
      const statement = handle.prepare(sql);
      return {
        run: (values) => Number(statement.run(...values).changes),
        all: (values) => rowsOf(statement.all(...values)),
      };
    },
    close() {
      handle.close();
    },
  };
}
