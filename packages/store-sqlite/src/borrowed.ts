import { connectionFor, fileOf } from './driver/connection-for.js';
import type { SqliteHandle } from './driver/handle.js';
import { asOurs } from './durability.js';
import { identityOf, watchFile } from './file-watch.js';
import { migrate } from './migrate.js';
import type { Opened } from './open-own.js';
import type { Settings } from './options.js';

/** The merchant's open database: set up, closed and opened anew by nobody but them. */
export function borrow(handle: SqliteHandle, settings: Settings): Opened {
  const db = connectionFor(handle, settings);
  asOurs(db, settings.synchronous, () => {
    migrate(db, settings.table);
  });
  const file = fileOf(handle);
  if (file === '') return { db, watch: undefined };
  const watch = watchFile({ path: file, realPath: file, identity: identityOf(file) });
  watch.loss();
  return { db, watch };
}
