import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { QBitFlowError } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { connectionFor, fileOf } from './driver/connection-for.js';
import { openFile } from './driver/load.js';
import { identityOf, makeFile, watchFile, type FileWatch, type Loss } from './file-watch.js';
import { keepsLog } from './log.js';
import { lostError } from './lost.js';
import { migrate } from './migrate.js';
import type { Settings } from './options.js';

/** An open database, and its files under watch unless it is in memory. */
export interface Opened {
  readonly db: Connection;
  readonly watch: FileWatch | undefined;
}

export const MEMORY = ':memory:';

/**
 * Opens a file of our own, made when it is missing: but not where `before` was open, for an empty file must not pass for
 * the one that was lost.
 */
export async function openOwn(
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
  throw new QBitFlowError(
    'store_unavailable',
    `the sqlite store cannot use ${path}: the folder ${folder} does not exist; create it or correct the path`,
    { facts: { store: 'sqlite', file: path } },
  );
}
