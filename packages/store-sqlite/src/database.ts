import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { QBitFlowError } from '@qbitflow/core';
import { connect, type Connection } from './connection.js';
import { betterSqliteDriver } from './driver/better-sqlite.js';
import { takesArrays, type SqliteHandle } from './driver/handle.js';
import { openFile } from './driver/load.js';
import { nodeSqliteDriver } from './driver/node-sqlite.js';
import { migrate } from './migrate.js';
import type { Settings } from './options.js';
import { closedError } from './unavailable.js';

/** Where the store lives: a file or `:memory:` it opens itself, or the merchant's open database. */
export type Target = { readonly path: string } | { readonly handle: SqliteHandle };

/** A database that is opened when first needed, and again after it broke. */
export interface Database {
  /** Whether it is opened here, and so may be closed and set up here. */
  readonly owned: boolean;
  /** Whether it has been opened, or is being opened. */
  readonly opened: boolean;
  /** The connection, opened and migrated. */
  open(): Promise<Connection>;
  /** Forgets a connection that failed, so that the next call opens a new one. The merchant's own is kept. */
  discard(): void;
  /** Closes what was opened here, for good. */
  close(): void;
}

/** A database at rest. */
export function createDatabase(target: Target, settings: Settings): Database {
  let opening: Promise<Connection> | undefined;
  let current: Connection | undefined;
  let closed = false;
  const owned = 'path' in target;

  async function openNow(): Promise<Connection> {
    if ('handle' in target) return borrowedConnection(target.handle, settings);
    current = await ownConnection(target.path, settings);
    return current;
  }

  function forget(): void {
    const failed = current;
    opening = undefined;
    current = undefined;
    try {
      failed?.close();
    } catch {
      // It was broken already.
    }
  }

  return {
    owned,
    get opened() {
      return opening !== undefined;
    },
    async open() {
      if (closed) throw closedError();
      const mine = (opening ??= openNow());
      try {
        return await mine;
      } catch (error) {
        if (opening === mine) opening = undefined;
        throw error;
      }
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

function borrowedConnection(handle: SqliteHandle, settings: Settings): Connection {
  const db = connectionFor(handle, settings);
  migrate(db, settings.table);
  return db;
}

/** A connection over an open database, whichever driver it is of. */
export function connectionFor(handle: SqliteHandle, { table }: Settings): Connection {
  const driver = takesArrays(handle) ? betterSqliteDriver(handle) : nodeSqliteDriver(handle);
  return connect(driver, table);
}

async function ownConnection(path: string, settings: Settings): Promise<Connection> {
  checkFolder(path);
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
  if (path === ':memory:' || existsSync(folder)) return;
  throw new QBitFlowError(
    'store_unavailable',
    `the sqlite store cannot use ${path}: the folder ${folder} does not exist; create it or correct the path`,
    { facts: { store: 'sqlite', file: path } },
  );
}
