import { asError, QBitFlowError } from '@qbitflow/core/store';

interface Changes {
  readonly changes: number | bigint;
}

/** What is used of a `DatabaseSync` of `node:sqlite`. */
export interface NodeSqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: Value[]): unknown[];
    run(...values: Value[]): Changes;
  };
  close(): unknown;
}

/** What is used of a `Database` of better-sqlite3 or libsql. */
export interface BetterSqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: unknown[]): unknown[];
    run(...values: unknown[]): Changes;
  };
  pragma(source: string): unknown;
  close(): unknown;
}

/** An open database of the merchant's own: `node:sqlite`, better-sqlite3 or libsql. */
export type SqliteHandle = NodeSqliteHandle | BetterSqliteHandle;

/** Whether a handle takes its values as one array, as better-sqlite3 and libsql do. */
function takesArrays(handle: SqliteHandle): handle is BetterSqliteHandle {
  return 'pragma' in handle;
}

/** Whether a value looks like an open database of a driver this package knows. */
export function isSqliteHandle(value: unknown): value is SqliteHandle {
  if (typeof value !== 'object' || value === null) return false;
  return ['exec', 'prepare', 'close'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  );
}

/** The handle a driver's class made, or an error saying that the driver is not the one expected. */
function newHandle(factory: unknown, args: readonly unknown[]): SqliteHandle {
  const made: unknown = typeof factory === 'function' ? Reflect.construct(factory, args) : factory;
  if (isSqliteHandle(made)) return made;
  throw new QBitFlowError(
    'misconfigured',
    'the SQLite driver that was loaded has no usable database class: install libsql 0.5.29 or pass an open database',
  );
}

/** What SQLite stores. Nothing else may reach a driver: libsql ends the process on a boolean or an object. */
export type Value = string | number | bigint | null | Uint8Array;

/** One row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** The one shape all SQLite drivers are brought to. Values are positional; `run` tells how many rows it changed. */
export interface Driver {
  /** What it is over. */
  readonly handle: SqliteHandle;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement, used for as long as its driver is open. */
export interface Statement {
  run(values: readonly Value[]): number;
  all(values: readonly Value[]): readonly Row[];
}

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

/** The driver for an open database, whichever library it is of. */
export function driverOf(handle: SqliteHandle): Driver {
  return takesArrays(handle) ? betterSqliteDriver(handle) : nodeSqliteDriver(handle);
}

/** A driver over `node:sqlite`, which takes values one by one. */
function nodeSqliteDriver(handle: NodeSqliteHandle): Driver {
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

/** Rows as every driver gives them, told from anything else. */
function rowsOf(rows: readonly unknown[]): readonly Row[] {
  return rows.filter(isRow);
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
}

/** Which driver opens a path: Node's own, or the `libsql` package. */
export type DriverName = 'node' | 'libsql';

/** How long SQLite itself waits for a lock, in ms: longer waits are spent outside, where the event loop goes on. */
export const WAIT_INSIDE_MS = 20;

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
  const Database = exportedBy(await import('libsql'));
  return (path) => newHandle(Database, [path, { timeout: WAIT_INSIDE_MS }]);
}

/** What a CommonJS module exports, however it was imported: Turbopack's namespace of a class is itself a function. */
export function exportedBy(imported: unknown): unknown {
  return isObject(imported) && 'default' in imported ? imported.default : imported;
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || isRecord(value);
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
