import type { EventContext } from '@qbitflow/core';
import {
  QBitFlowError,
  readNumber,
  storeClosed,
  type Claim,
  type ClaimOutcome,
  type Progress,
} from '@qbitflow/core/store';
import type { Access } from './access.js';
import { connectionFor, fileOf, LEVELS, type Connection } from './connection.js';
import { MEMORY, type Database, type Target } from './database.js';
import { isSqliteHandle, openFile, WAIT_INSIDE_MS, type SqliteHandle } from './driver.js';
import { failureOf, unavailable } from './errors.js';
import { STORE, type Settings } from './options.js';
import { CLAIMED, namesOf, WITH_NAMES } from './schema.js';
import { COMPLETE, complete, progressOf } from './transitions.js';

/** An open database inside a transaction, in as much of its type as most handlers need. */
export interface TransactionHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: unknown[]): { readonly changes: number | bigint };
    get(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  };
}

/**
 * Exactly once: runs `work` in a transaction on the store's database file, completes this handler in it and commits. When
 * `work` rejects, takes longer than `transactionTimeoutMs` or another worker has taken over, all of it is rolled back and
 * the handler is tried again. `tx` is a connection of its own, of the store's driver (write `(tx: Database) => …` for its
 * whole type); nothing else can write the file while `work` runs: await nothing but the database in it.
 * @throws `misconfigured` when the kit's store is not a SQLite store
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { sqliteStore, withTransaction } from '@qbitflow/store-sqlite';
 * const qbitflow = createQBitFlow({ store: sqliteStore(':memory:') });
 * qbitflow.on('payment.completed', (event, context) => withTransaction(context, async (tx) => {
 *   tx.prepare('UPDATE orders SET paid = 1 WHERE id = ?').run(event.data.reference);
 * }));
 * ```
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- inferred from how the handler writes `tx`
export async function withTransaction<Result, Handle = TransactionHandle>(
  context: Pick<EventContext, 'transaction'>,
  work: (tx: Handle) => Promise<Result>,
): Promise<Result> {
  return context.transaction(async (tx) => {
    if (!isHandle<Handle>(tx))
      throw new QBitFlowError(
        'misconfigured',
        'withTransaction: the store of this kit is not a SQLite store: use the withTransaction of its own package',
      );
    return work(tx);
  });
}

/** The type is the caller's to know: the driver is theirs. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
function isHandle<Handle>(tx: unknown): tx is Handle {
  return isSqliteHandle(tx);
}

/** Handlers' transactions on the store's own database, one after the other. */
export interface Transactions {
  run<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result>;
  /** Rolls back what is open, refuses what waits, and closes their connection. */
  close(): Promise<void>;
}

/** No transaction, and no connection for them yet. */
export function createTransactions(
  database: Database,
  { attempt, gate }: Access,
  settings: Settings,
): Transactions {
  const { target } = database;
  const { clock, transactionTimeoutMs } = settings;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  let giveUp: (reason: QBitFlowError) => void = () => undefined;
  let beside: { readonly handle: SqliteHandle; readonly of: Connection } | undefined;

  function closeBeside(): void {
    const old = beside;
    beside = undefined;
    try {
      old?.handle.close();
    } catch {
      // It was closed by the handler, or broken.
    }
  }

  /** A connection to the file that the store has open now. */
  async function connection(): Promise<{
    readonly handle: SqliteHandle;
    readonly isShared: boolean;
  }> {
    const of = await database.open();
    if (beside !== undefined && beside.of !== of) closeBeside();
    if (beside !== undefined) return { handle: beside.handle, isShared: false };
    const handle = await openBeside(target, settings);
    if (handle === undefined) return { handle: of.handle, isShared: true };
    beside = { handle, of };
    return { handle, isShared: false };
  }

  async function begin(): Promise<SqliteHandle> {
    const since = clock.now();
    try {
      const { handle, isShared } = await connection();
      await attempt(since, () => {
        handle.exec('BEGIN IMMEDIATE');
        gate.shut(isShared ? 'everything' : 'writes');
      });
      return handle;
    } catch (error) {
      closeBeside();
      throw unavailable(error, target.name);
    }
  }

  async function runNow<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result> {
    if (closed) throw storeClosed(STORE);
    const handle = await begin();
    const { tx, takeBack } = lend(handle);
    let isGivenUp = false;
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = (reason) => {
        isGivenUp = true;
        reject(reason);
      };
    });
    // It may be rejected when nothing waits for it any more.
    givenUp.catch(() => undefined);
    const cancel = clock.after(transactionTimeoutMs, () => {
      giveUp(tooLong(transactionTimeoutMs));
    });
    try {
      const result = await Promise.race([work(tx), givenUp]);
      database.confirm();
      handle.exec('COMMIT');
      database.confirm();
      return result;
    } catch (error) {
      rollBack(handle);
      // What the handler holds of it must not write in the next one's transaction.
      if (isGivenUp) closeBeside();
      throw error;
    } finally {
      cancel();
      takeBack();
      gate.open();
    }
  }

  database.onLetGo(closeBeside);
  return {
    async run(work) {
      const mine = last.then(async () => runNow(work));
      last = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      closed = true;
      giveUp(storeClosed(STORE));
      await last;
      closeBeside();
    },
  };
}

function rollBack(handle: SqliteHandle): void {
  try {
    handle.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, or the handler has.
  }
}

function tooLong(limitMs: number): QBitFlowError {
  return new QBitFlowError(
    'handler_timeout',
    `a handler's transaction was open for ${limitMs} ms and was rolled back: nobody else can write the file meanwhile. Do what is slow before it, and await nothing but the database in it`,
    { facts: { store: STORE, limitMs } },
  );
}

/**
 * Opens a second connection to the store's database, for handlers' transactions alone: on the first one, everything else
 * that is written meanwhile would be in the transaction too. `undefined` where there can be no second, in memory.
 */
async function openBeside(target: Target, settings: Settings): Promise<SqliteHandle | undefined> {
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
  return row === undefined ? 0 : readNumber(name, row[name]);
}

function noSecond(cause?: unknown): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    "withTransaction needs a connection of its own, and none could be made like the database passed to sqliteStore: give the option `connect`, e.g. connect: () => new Database('shop.db')",
    { cause },
  );
}

/** A connection for as long as a transaction lasts: kept for longer, it would write in the next one's. */
function lend(handle: SqliteHandle): {
  readonly tx: SqliteHandle;
  readonly takeBack: () => void;
} {
  let isOver = false;
  const tx = new Proxy(handle, {
    get(target, name) {
      if (isOver) throw over();
      const value: unknown = Reflect.get(target, name);
      // Drivers written in C look at what their methods are called on.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    tx,
    takeBack() {
      isOver = true;
    },
  };
}

function over(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'the transaction is over: use its `tx` only inside withTransaction, and await everything you begin there',
  );
}

/** What is remembered in the merchant's transaction; with `done` the delivery is completed in it. */
type WithinOptions = Progress & { readonly done: boolean };

/** SQL that remembers handlers, given their names twice and the claim. */
const REMEMBER = `UPDATE {deliveries} SET succeeded = ${WITH_NAMES} WHERE ${CLAIMED}`;

/**
 * Remembers success, or completes, inside the merchant's transaction: an open database, or a transaction of Knex. Throws
 * `misconfigured` when there is none: the handler's writes and this would not commit together.
 */
export async function completeWithin(
  table: string,
  tx: unknown,
  claim: Claim,
  options: WithinOptions,
): Promise<ClaimOutcome> {
  try {
    if (isKnex(tx)) return await completeWithinKnex(table, tx, claim, options);
    if (isSqliteHandle(tx)) return onHandle(connectionFor(tx, { table }), claim, options);
  } catch (error) {
    throw unavailable(error, 'the database given to completeWithin');
  }
  throw new QBitFlowError(
    'misconfigured',
    "completeWithin takes what your transaction runs on: the `tx` of withTransaction, an open database of node:sqlite, better-sqlite3 or libsql, or Knex's `trx`",
  );
}

function onHandle(db: Connection, claim: Claim, options: WithinOptions): ClaimOutcome {
  requireTransaction(db);
  if (options.done) return complete(db, claim, options);
  const names = namesOf(options.succeeded);
  return db.run(REMEMBER, [names, names, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}

/** Only some drivers tell whether a transaction is open; all refuse to begin a second one. */
function requireTransaction(db: Connection): void {
  try {
    db.exec('BEGIN');
  } catch (error) {
    if (failureOf(error) === 'nested') return;
    throw error;
  }
  db.exec('ROLLBACK');
  throw new QBitFlowError(
    'misconfigured',
    'completeWithin was given a database without an open transaction: use withTransaction, or run BEGIN IMMEDIATE before your own writes and COMMIT right after',
  );
}

/** What is used of Knex and its transactions. */
interface Knex {
  raw(sql: string, values: readonly string[]): PromiseLike<unknown>;
  readonly isTransaction?: boolean;
}

/** Whether it is Knex: a function that asks, with `raw` beside it. */
function isKnex(tx: unknown): tx is Knex {
  return typeof tx === 'function' && 'raw' in tx && typeof tx.raw === 'function';
}

/** As `completeWithin`, in a transaction of Knex, which answers later. */
async function completeWithinKnex(
  table: string,
  tx: Knex,
  claim: Claim,
  options: WithinOptions,
): Promise<ClaimOutcome> {
  if (tx.isTransaction !== true)
    throw new QBitFlowError(
      'misconfigured',
      'completeWithin was given Knex itself: pass the `trx` of knex.transaction(async (trx) => …)',
    );
  const { done } = options;
  const progress = progressOf(options).slice(0, done ? 4 : 2);
  // How many rows were changed Knex reports differently from driver to driver; rows it gives alike.
  const sql = `${done ? COMPLETE : REMEMBER} RETURNING 1 AS changed`.replaceAll(
    '{deliveries}',
    table,
  );
  const rows = await tx.raw(sql, [...progress, claim.key, claim.token]);
  return Array.isArray(rows) && rows.length > 0 ? 'ok' : 'lost';
}
