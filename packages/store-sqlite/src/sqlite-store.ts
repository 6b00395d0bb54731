import { resolve } from 'node:path';
import { QBitFlowError, type DurableStore } from '@qbitflow/core';
import { createAccess } from './access.js';
import { createAttempt } from './attempt.js';
import { bury } from './bury.js';
import { complete } from './complete.js';
import { createDatabase, type Target } from './database.js';
import { discard } from './discard.js';
import { fileOf } from './driver/connection-for.js';
import { isSqliteHandle, type SqliteHandle } from './driver/handle.js';
import { createDueListeners } from './due-listeners.js';
import { extend } from './extend.js';
import { createGate } from './gate.js';
import { get } from './get.js';
import { list } from './list.js';
import { MEMORY } from './open-own.js';
import { settingsOf, type SqliteStoreOptions } from './options.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { retry } from './retry.js';
import { warnOfRisks } from './risks.js';
import { settleUnhandled } from './settle-unhandled.js';
import { stats } from './stats.js';
import { takeDue } from './take-due.js';
import { knownSince } from './tombstones.js';
import { completeWithin } from './transaction/complete-within.js';
import { createTransactions } from './transaction/transactions.js';

/**
 * Keeps deliveries in one SQLite file, shared by any number of processes of one machine. Takes a path, whose file is
 * made when it is missing (its folder is not) and opened at the first call, or an open database of `node:sqlite`,
 * better-sqlite3 or libsql, which stays the merchant's to set up and close. Throws `misconfigured` for anything else.
 *
 * @example
 * const qbitflow = createQBitFlow({ store: sqliteStore('./qbitflow.db') });
 */
export function sqliteStore(
  pathOrDatabase: string | SqliteHandle,
  options: SqliteStoreOptions = {},
): DurableStore {
  const settings = settingsOf(options);
  const target = targetOf(pathOrDatabase);
  const database = createDatabase(target, settings);
  const attempt = createAttempt(database, settings, target.name);
  const parts = { target, database, attempt, gate: createGate(), settings };
  const access = createAccess(parts);
  const transactions = createTransactions(parts);
  const due = createDueListeners();

  return {
    name: 'sqlite',
    durable: isDurable(target),
    async init(start) {
      await access.read((db) => {
        warnOfRisks(db, start);
      });
    },
    async record(delivery) {
      const outcome = await access.write((db) => record(db, delivery));
      const waits = delivery.dead === undefined && delivery.unhandled === undefined;
      if (outcome.status === 'recorded' && waits) due.tell(delivery.subject);
      return outcome;
    },
    async takeDue(take) {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one step after the other, and the event loop in between
        const { taken, goOn } = await access.write((db) => takeDue(db, take));
        if (!goOn) return taken;
      }
    },
    extend: async (claim, extension) => access.write((db) => extend(db, claim, extension)),
    complete: async (claim, progress) => access.write((db) => complete(db, claim, progress)),
    async retry(claim, again) {
      const outcome = await access.write((db) => retry(db, claim, again));
      if (outcome === 'ok' && again.delayMs <= 0) due.tell(undefined);
      return outcome;
    },
    bury: async (claim, reason) => access.write((db) => bury(db, claim, reason)),
    async replay(key) {
      const subject = await access.write((db) => replay(db, key));
      if (subject !== undefined) due.tell(subject);
      return subject !== undefined;
    },
    discard: async (key) => access.write((db) => discard(db, key)),
    get: async (key) => access.read((db) => get(db, key)),
    list: async (filter) => access.read((db) => list(db, filter)),
    stats: async ({ handled } = {}) => access.read((db) => stats(db, handled)),
    settleUnhandled: async (old) => access.write((db) => settleUnhandled(db, old)),
    prune: async (old) => access.write((db) => prune(db, old)),
    knownSince: async () => access.read(knownSince),
    onDue: (listener) => due.listen(listener),
    completeWithin: async (tx, claim, progress) =>
      completeWithin({ tx, table: settings.table }, claim, progress),
    transaction: async (work) => transactions.run(work),
    async close() {
      await transactions.close();
      await access.close();
    },
  };
}

function targetOf(pathOrDatabase: unknown): Target {
  if (isSqliteHandle(pathOrDatabase)) return borrowed(pathOrDatabase);
  // A URL would make libsql open a connection to another machine; SQLite's own would pass for a file's name.
  if (typeof pathOrDatabase !== 'string' || pathOrDatabase === '' || isOdd(pathOrDatabase))
    throw new QBitFlowError(
      'misconfigured',
      "sqliteStore takes the path of a file, ':memory:', or an open database of node:sqlite, better-sqlite3 or libsql",
    );
  const path = pathOrDatabase === MEMORY ? MEMORY : resolve(pathOrDatabase);
  return { path, name: path };
}

function isOdd(path: string): boolean {
  return /:\/\/|^\s*file:/i.test(path) || (path !== MEMORY && path.trim().toLowerCase() === MEMORY);
}

function borrowed(handle: SqliteHandle): Target {
  return { handle, name: 'the database passed in' };
}

/** Databases in memory are gone with their connection, also those that are passed in. */
function isDurable(target: Target): boolean {
  if ('path' in target) return target.path !== MEMORY;
  try {
    return fileOf(target.handle) !== '';
  } catch {
    // It is closed, or no database: the first call will say so.
    return true;
  }
}
