import { borrow } from './borrowed.js';
import type { Connection } from './connection.js';
import type { SqliteHandle } from './driver/handle.js';
import type { FileWatch, Loss } from './file-watch.js';
import { emptyLog, keepsLog } from './log.js';
import { lostError } from './lost.js';
import { openOwn, type Opened } from './open-own.js';
import type { Settings } from './options.js';
import { closedError } from './unavailable.js';

/** Where the store lives: a file or `:memory:` it opens itself, or the merchant's open database. `name` is for errors. */
export type Target = { readonly name: string } & (
  { readonly path: string } | { readonly handle: SqliteHandle }
);

/** A database that is opened when first needed, and again after it broke or its file was replaced. */
export interface Database {
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
    if (closed) throw closedError();
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
