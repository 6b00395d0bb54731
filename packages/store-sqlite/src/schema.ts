import {
  KEPT_ATTEMPTS,
  QBitFlowError,
  readNumber,
  type AttemptRecord,
  type StoreSchema,
} from '@qbitflow/core/store';
import { transaction, type Connection } from './connection.js';

/**
 * SQLite's own clock in whole ms since 1970. Not `unixepoch('subsec')`: a merchant's driver may be older than that.
 * It stands still within one statement.
 */
export const NOW = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";

/** SQLite's own time, see {@link NOW}: read once it costs a statement what it costs a row to work it out. */
export function timeOf(db: Connection): number {
  return readNumber('now', db.all(READ_NOW).at(0)?.['now']);
}

const READ_NOW = `SELECT ${NOW} AS now`;

/** SQL that adds names, {@link namesOf} given twice, to those known to have succeeded, each once. */
export const WITH_NAMES = `CASE WHEN succeeded = '[]' THEN ? ELSE (
    SELECT json_group_array(DISTINCT value) FROM (
      SELECT value FROM json_each(succeeded) UNION ALL SELECT value FROM json_each(?)
    )) END`;

/** Names of handlers as {@link WITH_NAMES} takes them: a JSON array that names each once. */
export function namesOf(succeeded: readonly string[]): string {
  return JSON.stringify([...new Set(succeeded)]);
}

/**
 * SQL that adds an attempt, {@link attemptOf} given twice, to those that are kept as a JSON list: the newest are. Joined as
 * texts, so that each stays as it was written.
 */
export const WITH_ATTEMPT = `CASE WHEN ? = '' THEN attempts ELSE CASE
    WHEN json_valid(attempts) IS NOT 1 THEN '['
    WHEN json_array_length(attempts) < ${KEPT_ATTEMPTS} THEN rtrim(attempts, ']') || ','
    ELSE rtrim(json_remove(attempts, '$[0]'), ']') || ',' END || ? || ']' END`;

/** An attempt as {@link WITH_ATTEMPT} takes it. */
export function attemptOf(attempt: AttemptRecord | undefined): string {
  return attempt === undefined ? '' : JSON.stringify(attempt);
}

/** SQL that holds for the delivery a claim names, given its key and its token. */
export const CLAIMED = "key = ? AND token = ? AND state = 'running'";

/** SQL that takes a delivery out of the queue of those that may be taken. */
export const NOT_QUEUED = 'lane = NULL, head = 0';

/**
 * Step n brings a file from version n to n + 1; steps are added, never changed.
 *
 * `at`: when it is due; while it runs, when its lease ends; then since when it is done or dead. `changed_at`: the last
 * transition. `counted`: starts counted by the present taking, which handing it back uncounted takes back. The body
 * stands last of these, where reading the rest passes it by.
 */
const FIRST = `CREATE TABLE {deliveries} (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'dead')),
     at INTEGER NOT NULL,
     changed_at INTEGER NOT NULL,
     recorded_at INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     token TEXT,
     started INTEGER NOT NULL DEFAULT 0,
     counted INTEGER NOT NULL DEFAULT 0,
     finished INTEGER NOT NULL DEFAULT 0,
     succeeded TEXT NOT NULL DEFAULT '[]',
     last_error TEXT,
     subject TEXT NOT NULL,
     id TEXT NOT NULL,
     type TEXT NOT NULL,
     version TEXT NOT NULL,
     source TEXT NOT NULL,
     headers TEXT NOT NULL,
     raw BLOB NOT NULL
   );
   CREATE INDEX {deliveries}_by_state ON {deliveries} (state, at);`;

/**
 * What may be taken is queued. `lane`: 0 for what may be taken, 1 where an earlier start never finished; NULL while
 * only time can tell (`at`), and for what is done or dead. Once queued, a clock that steps back puts nothing off.
 * `head`: takers look at heads alone. They move the later ones of a subject behind its first, and `_leaves` brings the
 * next one forward: so no pile is in the way. `due_since`: when it was replayed.
 */
const QUEUE = `ALTER TABLE {deliveries} ADD COLUMN lane INTEGER;
   ALTER TABLE {deliveries} ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE {deliveries} ADD COLUMN due_since INTEGER;
   ALTER TABLE {deliveries} ADD COLUMN unhandled INTEGER NOT NULL DEFAULT 0;
   DROP INDEX {deliveries}_by_state;
   CREATE INDEX {deliveries}_by_state ON {deliveries} (state, lane, at, type);
   CREATE INDEX {deliveries}_heads ON {deliveries} (type, lane, at) WHERE head = 1;
   CREATE INDEX {deliveries}_behind ON {deliveries} (subject, type, lane, at) WHERE head = 0 AND lane IS NOT NULL;
   CREATE INDEX {deliveries}_unhandled ON {deliveries} (unhandled) WHERE unhandled = 1;`;

/** `_keys` are tombstones; `_gone` keys of rows that were deleted, on their way there; `_webhooks` what came after a look. */
const MEMORY = `CREATE TABLE {deliveries}_keys (hash BLOB NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX {deliveries}_keys_by_age ON {deliveries}_keys (at);
   CREATE TABLE {deliveries}_gone (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE {deliveries}_webhooks (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     version TEXT NOT NULL,
     received_at INTEGER NOT NULL,
     headers TEXT NOT NULL,
     raw BLOB NOT NULL
   );
   ALTER TABLE {deliveries}_schema ADD COLUMN born_at INTEGER;
   ALTER TABLE {deliveries}_schema ADD COLUMN forgot_at INTEGER;
   UPDATE {deliveries}_schema SET born_at = ${NOW};`;

/** SQL for the number of the next behind the head that OLD was. */
const NEXT = `SELECT seq FROM {deliveries} WHERE subject = OLD.subject AND type = OLD.type AND lane = OLD.lane AND head = 0
     ORDER BY at, seq LIMIT 1`;

/**
 * A process of the version before may be at work on the same file: it knows neither lanes nor tombstones. `_strays`
 * takes out of the queue what it changes, and `_deleted` keeps the key of what it prunes.
 */
const TRIGGERS = `CREATE TRIGGER {deliveries}_leaves AFTER UPDATE OF lane ON {deliveries}
   WHEN OLD.head = 1 AND NEW.lane IS NOT OLD.lane BEGIN
     UPDATE {deliveries} SET head = 1 WHERE seq = (${NEXT});
   END;
   CREATE TRIGGER {deliveries}_strays AFTER UPDATE OF state, at ON {deliveries}
   WHEN OLD.lane IS NOT NULL AND NEW.lane IS OLD.lane BEGIN
     UPDATE {deliveries} SET lane = NULL, head = 0 WHERE seq = NEW.seq;
   END;
   CREATE TRIGGER {deliveries}_deleted AFTER DELETE ON {deliveries} BEGIN
     INSERT OR IGNORE INTO {deliveries}_gone (key, at)
       SELECT OLD.key, CASE OLD.state WHEN 'done' THEN OLD.at ELSE ${NOW} END WHERE OLD.state IN ('done', 'dead');
     DELETE FROM {deliveries}_webhooks WHERE seq = OLD.seq;
     UPDATE {deliveries} SET head = 1 WHERE OLD.head = 1 AND seq = (${NEXT});
   END;`;

/** Adds `by` to a count, which is begun where there is none; `given` is what a SELECT without FROM may end in. */
const count = (state: string, by: string, given: string): string =>
  `INSERT INTO {deliveries}_counts (state, type, number) SELECT ${state}, NEW.type, ${by} WHERE ${given}
     ON CONFLICT (state, type) DO UPDATE SET number = number + excluded.number;`;
const discount = (state: string, given: string): string =>
  `UPDATE {deliveries}_counts SET number = number - 1 WHERE state = ${state} AND type = OLD.type AND ${given};`;

/**
 * `_counts` holds how many are due, done and dead, and `unhandled`, of each type: counting would take the longer the more is kept. What
 * runs is not counted, for it is little and would cost each delivery most. Triggers count, so that processes of the
 * version before are counted too.
 */
const COUNTS = `CREATE TABLE {deliveries}_counts (
     state TEXT NOT NULL,
     type TEXT NOT NULL,
     number INTEGER NOT NULL,
     PRIMARY KEY (state, type)
   ) WITHOUT ROWID;
   INSERT INTO {deliveries}_counts SELECT state, type, COUNT(*) FROM {deliveries} WHERE state <> 'running' GROUP BY state, type;
   INSERT INTO {deliveries}_counts SELECT 'unhandled', type, COUNT(*) FROM {deliveries} WHERE unhandled = 1 GROUP BY type;
   CREATE TRIGGER {deliveries}_arrives AFTER INSERT ON {deliveries} WHEN NEW.state <> 'running' BEGIN
     ${count('NEW.state', '1', 'true')}
     ${count("'unhandled'", '1', 'NEW.unhandled = 1')}
   END;
   CREATE TRIGGER {deliveries}_moves AFTER UPDATE OF state ON {deliveries} WHEN NEW.state <> OLD.state BEGIN
     ${discount('OLD.state', "OLD.state <> 'running'")}
     ${count('NEW.state', '1', "NEW.state <> 'running'")}
   END;
   CREATE TRIGGER {deliveries}_handled AFTER UPDATE OF unhandled ON {deliveries} WHEN NEW.unhandled <> OLD.unhandled BEGIN
     ${count("'unhandled'", 'NEW.unhandled - OLD.unhandled', 'true')}
   END;
   CREATE TRIGGER {deliveries}_goes AFTER DELETE ON {deliveries} WHEN OLD.state <> 'running' BEGIN
     ${discount('OLD.state', 'true')}
     ${discount("'unhandled'", 'OLD.unhandled = 1')}
   END;`;

/**
 * What lists walk, newest first. Most keys are made of type and subject, so that the index of keys finds them by
 * subject too; only the others cost a second entry.
 */
const LISTS = `CREATE INDEX {deliveries}_listed ON {deliveries} (state, type) WHERE state <> 'running';
   CREATE INDEX {deliveries}_by_subject ON {deliveries} (subject) WHERE key <> type || ':' || subject;`;

/**
 * What operators look for: attempts (a JSON list), how often it came again, the merchant's own word, errors. What goes well
 * is in no index of errors, and what never had a reference in none of references.
 */
const HISTORY = `ALTER TABLE {deliveries} ADD COLUMN reference TEXT;
   ALTER TABLE {deliveries} ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE {deliveries} ADD COLUMN attempts TEXT;
   CREATE INDEX {deliveries}_by_reference ON {deliveries} (reference) WHERE reference IS NOT NULL;
   CREATE INDEX {deliveries}_failed ON {deliveries} (state) WHERE last_error IS NOT NULL;`;

/** What processes leave for each other's desks. */
const NOTES = `CREATE TABLE {deliveries}_notes (
     name TEXT NOT NULL PRIMARY KEY,
     text TEXT NOT NULL,
     at INTEGER NOT NULL,
     until INTEGER NOT NULL
   ) WITHOUT ROWID;`;

/** All steps, the oldest first. */
const MIGRATIONS: readonly string[] = [
  FIRST,
  QUEUE + MEMORY + TRIGGERS,
  COUNTS + LISTS,
  HISTORY + NOTES,
];

// Not `user_version`: in the merchant's own file that number is the merchant's.
const CREATE =
  'CREATE TABLE IF NOT EXISTS {deliveries}_schema (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)';
const FIRST_VERSION = 'INSERT OR IGNORE INTO {deliveries}_schema (one, version) VALUES (1, 0)';
const READ = 'SELECT version FROM {deliveries}_schema';
const WRITE = 'UPDATE {deliveries}_schema SET version = ?';
const EXISTS = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?";

/**
 * Brings the file to the version this package writes. Any number of processes may do so at once: one does the work
 * under the write lock, the others find it done. Throws `misconfigured` when a newer package has been here.
 */
export function migrate(db: Connection, table: string): void {
  const exists = db.all(EXISTS, [`${table}_schema`]).length > 0;
  // Looked at without the lock first: usually nothing is to be done, and a reader needs no right to write.
  if (exists && versionOf(db) === MIGRATIONS.length) return;
  transaction(db, () => {
    db.exec(CREATE);
    db.exec(FIRST_VERSION);
    const from = versionOf(db);
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.run(WRITE, [MIGRATIONS.length]);
  });
}

/** The version of a database's schema, and this package's. Makes nothing. */
export function readSchema(db: Connection, table: string): StoreSchema {
  const exists = db.all(EXISTS, [`${table}_schema`]).length > 0;
  return { found: exists ? readVersion(db) : undefined, current: MIGRATIONS.length };
}

function readVersion(db: Connection): number {
  return Number(db.all(READ).at(0)?.['version'] ?? 0);
}

function versionOf(db: Connection): number {
  const version = readVersion(db);
  if (version <= MIGRATIONS.length) return version;
  throw new QBitFlowError(
    'misconfigured',
    `the SQLite file was written by a newer @qbitflow/store-sqlite (schema ${version}, this one knows ${MIGRATIONS.length}): update the package here, or take another prefix`,
    { facts: { version } },
  );
}
