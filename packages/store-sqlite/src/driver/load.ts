import { asError, QBitFlowError } from '@qbitflow/core';
import { WAIT_INSIDE_MS } from '../durability.js';
import { newHandle, type SqliteHandle } from './handle.js';

/** Which driver opens a path: Node's own, or the `libsql` package. */
export type DriverName = 'node' | 'libsql';

/** Opens the file with the driver asked for, or with the first that this machine has. */
export async function openFile(
  path: string,
  driver: DriverName | undefined,
): Promise<SqliteHandle> {
  const order = driver === undefined ? usualOrder(process.versions.node) : [driver];
  const misses: unknown[] = [];
  for (const name of order) {
    // oxlint-disable-next-line no-await-in-loop -- the second is loaded only when the first is missing
    const opener = await load(name).catch((error: unknown) => {
      misses.push(error);
      return undefined;
    });
    if (opener !== undefined) return opener(path);
  }
  throw noDriver(order, misses);
}

/** Node's own where it is no longer experimental; before that, loading it would print a warning, so libsql goes first. */
export function usualOrder(version: string): readonly DriverName[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const settled = major > 24 || (major === 24 && minor >= 15);
  return settled ? ['node', 'libsql'] : ['libsql', 'node'];
}

type Opener = (path: string) => SqliteHandle;

async function load(name: DriverName): Promise<Opener> {
  return name === 'node' ? loadNode() : loadLibsql();
}

function loadNode(): Opener {
  const sqlite: unknown = process.getBuiltinModule('node:sqlite');
  if (!isRecord(sqlite)) throw new Error(`Node ${process.versions.node} has no node:sqlite`);
  return (path) => {
    const handle = newHandle(sqlite['DatabaseSync'], [path]);
    handle.exec(`PRAGMA busy_timeout = ${WAIT_INSIDE_MS}`);
    return handle;
  };
}

async function loadLibsql(): Promise<Opener> {
  const libsql: unknown = await import('libsql');
  const factory = isRecord(libsql) && 'default' in libsql ? libsql['default'] : libsql;
  return (path) => newHandle(factory, [path, { timeout: WAIT_INSIDE_MS }]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function noDriver(order: readonly DriverName[], misses: readonly unknown[]): QBitFlowError {
  const causes = misses.map((miss) => asError(miss).message);
  return new QBitFlowError(
    'misconfigured',
    `no SQLite driver could be loaded (${causes.join('; ')}): install libsql 0.5.29 for this platform, run Node 24.15 or newer, or pass an open database to sqliteStore`,
    { cause: misses.at(0), facts: { tried: order } },
  );
}
