import { QBitFlowError } from '@qbitflow/core';
import type { Attempt } from '../attempt.js';
import type { Connection } from '../connection.js';
import type { Database, Target } from '../database.js';
import type { SqliteHandle } from '../driver/handle.js';
import type { Gate } from '../gate.js';
import type { Settings } from '../options.js';
import { closedError, unavailable } from '../unavailable.js';
import { openBeside } from './beside.js';
import { lend } from './lend.js';

/** Handlers' transactions on the store's own database, one after the other. */
export interface Transactions {
  run<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result>;
  /** Rolls back what is open, refuses what waits, and closes their connection. */
  close(): Promise<void>;
}

/** What they work with. */
export interface TransactionParts {
  readonly target: Target;
  readonly database: Database;
  readonly attempt: Attempt;
  readonly gate: Gate;
  readonly settings: Settings;
}

/** No transaction, and no connection for them yet. */
export function createTransactions(parts: TransactionParts): Transactions {
  const { target, database, attempt, gate, settings } = parts;
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
    if (closed) throw closedError();
    const handle = await begin();
    const { tx, takeBack } = lend(handle);
    let isGivenUp = false;
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = (reason) => {
        isGivenUp = true;
        reject(reason);
      };
    });
    // Nobody may be waiting any more.
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
      giveUp(closedError());
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
    { facts: { store: 'sqlite', limitMs } },
  );
}
