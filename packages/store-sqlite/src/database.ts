import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeClosed, storeUnavailable, type StoreSchema } from '@qbitflow/core/store';
import {
  asOurs,
  connectionFor,
  emptyLog,
  fileOf,
  keepsLog,
  type Connection,
} from './connection.js';
import { openFile, type SqliteHandle } from './driver.js';
import { lostError } from './errors.js';
import { identityOf, makeFile, watchFile, type FileWatch, type Loss } from './file-watch.js';
import { STORE, type Settings } from './options.js';
import { migrate, readSchema } from './schema.js';

/** Where the store lives: a file or `:memory:` it opens itself, or the merchant's open database. `name` is for errors. */
export type Target = { readonly name: string } & (
  { readonly path: string } | { readonly handle: SqliteHandle }
);

/** A database that is opened when first needed, and again after it broke or its file was replaced. */
export interface Database {
  readonly target: Target;
  /** Whether it is opened here, and so may be closed and set up here. */
  readonly owned: boolean;
  /** Whether it has been opened, or is being opened. */
  readonly opened: boolean;
  /** The connection, opened and migrated, to the file that is at its place. Rejects while there is none. */
  open(): Promise<Connection>;
  /** Throws when what was just written went into a file that is no longer at its place. */
  confirm(): void;
  /** Calls back when a connection is let go: others to the same file keep what was removed of it in use. */
  onLetGo(callback: () => void): void;
  /** Forgets a connection that failed, so that the next call opens a new one. The merchant's own is kept. */
  discard(): void;
  /** Closes what was opened here, for good. */
  close(): void;
}

/**
 * The version of the schema at a target. The file is opened for this alone: whoever has a {@link Database} open has brought
 * it up to date. A file that is not there is not made.
 */
export async function schemaAt(target: Target, settings: Settings): Promise<StoreSchema> {
  const { table } = settings;
  if ('handle' in target) return readSchema(connectionFor(target.handle, settings), table);
  if (target.path !== MEMORY) checkFolder(target.path);
  const path = existsSync(target.path) ? target.path : MEMORY;
  const db = connectionFor(await openFile(path, settings.driver), settings);
  try {
    return readSchema(db, table);
  } finally {
    db.close();
  }
}

/** A database at rest. */
export function createDatabase(target: Target, settings: Settings): Database {
  let opening: Promise<Opened> | undefined;
  let current: Opened | undefined;
  let lastWatch: FileWatch | undefined;
  let closed = false;
  let whenLetGo = (): void => undefined;
  const owned = 'path' in target;

  async function openNow(): Promise<Opened> {
    current =
      'handle' in target
        ? borrow(target.handle, settings)
        : await openOwn(target.path, settings, lastWatch);
    lastWatch = current.watch;
    return current;
  }

  async function opened(): Promise<Opened> {
    if (closed) throw storeClosed(STORE);
    const mine = (opening ??= openNow());
    try {
      return await mine;
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw error;
    }
  }

  function forget(): void {
    const failed = current;
    whenLetGo();
    opening = undefined;
    current = undefined;
    try {
      if (owned) failed?.db.close();
    } catch {
      // It was broken already.
    }
  }

  /** Lets go of files that are not at their place any more; throws when nothing can be opened instead. */
  function letGo({ db, watch }: Opened, loss: Loss): void {
    // Another process has opened the new file with the old one's index: nothing here may touch either.
    const isShared = loss === 'replaced' && watch?.logOwner() === 'shared';
    if (loss === 'gone' || isShared) throw lostError(loss, target.name);
    // Into its own file, wherever that is now: whoever finds it shall find it whole.
    const isWhole = loss !== 'log-replaced' && emptyLog(db);
    if (loss === 'log-gone' && !isWhole) throw lostError(loss, target.name);
    forget();
    if (loss === 'log-replaced') throw lostError(loss, target.name);
  }

  function lossOf({ db, watch }: Opened): Loss | undefined {
    const loss = watch?.loss();
    if (loss === undefined || owned || !loss.startsWith('log-') || keepsLog(db)) return loss;
    watch?.forgetLog();
    return undefined;
  }

  return {
    target,
    owned,
    get opened() {
      return opening !== undefined;
    },
    async open() {
      const now = await opened();
      const loss = lossOf(now);
      if (loss === undefined) return now.db;
      if (!owned) throw lostError(loss, target.name);
      // Another call may have done it while this one waited.
      if (now === current) letGo(now, loss);
      return (await opened()).db;
    },
    confirm() {
      const loss = current === undefined ? undefined : lossOf(current);
      if (loss !== undefined) throw lostError(loss, target.name);
    },
    onLetGo(callback) {
      whenLetGo = callback;
    },
    discard() {
      if (owned) forget();
    },
    close() {
      closed = true;
      forget();
    },
  };
}

/** The merchant's open database: set up, closed and opened anew by them alone. */
function borrow(handle: SqliteHandle, settings: Settings): Opened {
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

/** An open database, and its files under watch unless it is in memory. */
interface Opened {
  readonly db: Connection;
  readonly watch: FileWatch | undefined;
}

/** The path of a database that is in memory, and gone with its connection. */
export const MEMORY = ':memory:';

/**
 * Opens a file of our own, made when it is missing: but not where `before` was open, for an empty file must not pass for
 * the one that was lost.
 */
async function openOwn(
  path: string,
  settings: Settings,
  before: FileWatch | undefined,
): Promise<Opened> {
  if (path === MEMORY) return { db: await openDatabase(path, settings), watch: undefined };
  if (before === undefined) {
    checkFolder(path);
    makeFile(path);
  }
  const loss = before?.loss();
  if (loss === 'gone') throw lostError(loss, path);
  if (loss === 'replaced') before?.removeLog();
  // The first opening may change the file itself: behind a link to nothing, or in a layer of a container's image.
  const opened = (await openWatched(path, settings)) ?? (await openWatched(path, settings));
  if (opened === undefined) throw lostError('replaced', path);
  return opened;
}

/** `undefined` when the file was another one after it had been opened. */
async function openWatched(path: string, settings: Settings): Promise<Opened | undefined> {
  const identity = identityOf(path);
  const db = await openDatabase(path, settings);
  const watch = watchFile({ path, realPath: fileOf(db.handle) || path, identity });
  const loss = watch.loss() ?? missingLog(db, watch);
  if (loss === undefined) return { db, watch };
  db.close();
  if (loss === 'replaced') return undefined;
  throw lostError(loss, path);
}

/**
 * A connection that libsql has closed and not yet let go keeps using files that were removed, and a new one of this
 * process shares them: other processes would use others.
 */
function missingLog(db: Connection, watch: FileWatch): Loss | undefined {
  return keepsLog(db) && !watch.logSeen() ? 'log-gone' : undefined;
}

async function openDatabase(path: string, settings: Settings): Promise<Connection> {
  const db = connectionFor(await openFile(path, settings.driver), settings);
  try {
    // Readers and the one writer do not wait for each other. Asked first: setting it needs the file for itself.
    if (db.all('PRAGMA journal_mode').at(0)?.['journal_mode'] === 'delete')
      db.all('PRAGMA journal_mode = WAL');
    db.exec(`PRAGMA synchronous = ${settings.synchronous}`);
    migrate(db, settings.table);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkFolder(path: string): void {
  const folder = dirname(path);
  if (existsSync(folder)) return;
  throw storeUnavailable(
    STORE,
    `cannot use ${path}: the folder ${folder} does not exist; create it or correct the path`,
    { facts: { file: path } },
  );
}
