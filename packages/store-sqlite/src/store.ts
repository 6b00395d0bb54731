import { resolve } from 'node:path';
import {
  arrivalOf,
  createDueListeners,
  QBitFlowError,
  type DurableStore,
  type NewDelivery,
} from '@qbitflow/core/store';
import { createAccess } from './access.js';
import { extend, takeDue } from './claim.js';
import { fileOf } from './connection.js';
import { createDatabase, MEMORY, schemaAt, type Target } from './database.js';
import { isSqliteHandle, type SqliteHandle } from './driver.js';
import { unavailable } from './errors.js';
import { get, list, stats } from './list.js';
import { notes, putNote } from './notes.js';
import { settingsOf, STORE, type SqliteStoreOptions } from './options.js';
import { knownSince, prune, PRUNED_AT_ONCE } from './prune.js';
import { record } from './record.js';
import { warnOfRisks } from './risks.js';
import { completeWithin, createTransactions } from './transactions.js';
import { bury, complete, discard, replay, retry, settleUnhandled } from './transitions.js';

/**
 * Keeps deliveries in one SQLite file, shared by any number of processes of one machine. Takes a path, whose file is
 * made when it is missing (its folder is not) and opened at the first call, or an open database of `node:sqlite`,
 * better-sqlite3 or libsql, which stays the merchant's to set up and close.
 * @throws `misconfigured` for anything else
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { sqliteStore } from '@qbitflow/store-sqlite';
 *
 * const qbitflow = createQBitFlow({ store: sqliteStore(':memory:') }); // a path: sqliteStore('./deliveries.db')
 * ```
 */
export function sqliteStore(
  pathOrDatabase: string | SqliteHandle,
  options: SqliteStoreOptions = {},
): DurableStore {
  const settings = settingsOf(options);
  const target = targetOf(pathOrDatabase);
  const database = createDatabase(target, settings);
  const access = createAccess(database, settings);
  const transactions = createTransactions(database, access, settings);
  const due = createDueListeners();

  return {
    name: STORE,
    durable: isDurable(target),
    async schema() {
      try {
        return await schemaAt(target, settings);
      } catch (error) {
        throw unavailable(error, target.name);
      }
    },
    async init(start) {
      await access.read((db) => {
        warnOfRisks(db, start);
      });
    },
    async record(delivery, how) {
      const outcome = await access.write((db, now) => record(db, now(), delivery, how));
      if (outcome.status === 'recorded' && outcome.taken === undefined && isDue(delivery))
        due.notify(delivery.subject);
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
      if (outcome === 'ok' && again.delayMs <= 0) due.notify(undefined);
      return outcome;
    },
    bury: async (claim, reason) => access.write((db) => bury(db, claim, reason)),
    async replay(key) {
      const subject = await access.write((db) => replay(db, key));
      if (subject !== undefined) due.notify(subject);
      return subject !== undefined;
    },
    discard: async (key) => access.write((db) => discard(db, key)),
    get: async (key) => access.read((db) => get(db, key)),
    list: async (filter) => list(access, filter),
    stats: async ({ handled } = {}) => access.read((db) => stats(db, handled)),
    settleUnhandled: async (old) => access.write((db) => settleUnhandled(db, old)),
    async prune(old) {
      let all = 0;
      for (let left = old.limit; ; left -= PRUNED_AT_ONCE) {
        const limit = Math.min(left, PRUNED_AT_ONCE);
        // oxlint-disable-next-line no-await-in-loop -- as in takeDue
        const { dropped, goOn } = await access.write((db) => prune(db, { ...old, limit }));
        all += dropped;
        if (!goOn || left <= PRUNED_AT_ONCE) return all;
      }
    },
    knownSince: async () => access.read(knownSince),
    putNote: async (name, text, { keepMs }) =>
      access.write((db) => {
        putNote(db, { name, text, keepMs });
      }),
    notes: async (prefix) => access.read((db) => notes(db, prefix)),
    onDue: (listener) => due.add(listener),
    completeWithin: async (tx, claim, progress) =>
      completeWithin(settings.table, tx, claim, progress),
    transaction: async (work) => transactions.run(work),
    async close() {
      await transactions.close();
      await access.close();
    },
  };
}

function isDue(delivery: NewDelivery): boolean {
  return arrivalOf(delivery).state === 'due';
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
