import { QBitFlowError } from '@qbitflow/core';
import { connectionFor, fileOf } from '../driver/connection-for.js';
import type { SqliteHandle } from '../driver/handle.js';
import { isSqliteHandle } from '../driver/handle.js';
import { openFile } from '../driver/load.js';
import { LEVELS, WAIT_INSIDE_MS } from '../durability.js';
import type { Target } from '../database.js';
import { MEMORY } from '../open-own.js';
import type { Settings } from '../options.js';
import { integer } from '../row.js';

/**
 * Opens a second connection to the store's database, for handlers' transactions alone: on the first one, everything else
 * that is written meanwhile would be in the transaction too. `undefined` where there can be no second, in memory.
 */
export async function openBeside(
  target: Target,
  settings: Settings,
): Promise<SqliteHandle | undefined> {
  if ('path' in target) return openBesidePath(target.path, settings);
  const file = fileOf(target.handle);
  if (file === '') return undefined;
  const handle = settings.connect === undefined ? another(target.handle, file) : settings.connect();
  if (!isSqliteHandle(handle) || handle === target.handle) throw noSecond();
  const db = connectionFor(handle, settings);
  db.exec(`PRAGMA busy_timeout = ${WAIT_INSIDE_MS}`);
  const level = Math.max(LEVELS[settings.synchronous], setting(target.handle, 'synchronous'));
  db.exec(`PRAGMA synchronous = ${level}`);
  db.exec(`PRAGMA foreign_keys = ${setting(target.handle, 'foreign_keys')}`);
  return handle;
}

async function openBesidePath(path: string, settings: Settings): Promise<SqliteHandle | undefined> {
  if (path === MEMORY) return undefined;
  const handle = await openFile(path, settings.driver);
  handle.exec(`PRAGMA synchronous = ${settings.synchronous}`);
  return handle;
}

/** By the same class: two SQLite libraries on one file in one process break each other's locks. */
function another(handle: SqliteHandle, file: string): unknown {
  try {
    return Reflect.construct(handle.constructor, [file]);
  } catch (error) {
    throw noSecond(error);
  }
}

function setting(handle: SqliteHandle, name: string): number {
  const [row] = connectionFor(handle, { table: '' }).all(`PRAGMA ${name}`);
  return row === undefined ? 0 : integer(row, name);
}

function noSecond(cause?: unknown): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    "withTransaction needs a connection of its own, and none could be made like the database passed to sqliteStore: give the option `connect`, e.g. connect: () => new Database('shop.db')",
    { cause },
  );
}
