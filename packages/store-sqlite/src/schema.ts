/**
 * SQLite's own clock in whole ms since 1970. Not `unixepoch('subsec')`: a merchant's driver may be older than that.
 * It stands still within one statement.
 */
export const NOW = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";

/**
 * Step n brings a file from version n to n + 1; steps are added, never changed.
 *
 * `at`: when it is due; while it runs, when its lease ends; then since when it is done or dead. `changed_at`: the last
 * transition. `counted`: starts counted by the present taking, which handing it back uncounted takes back. The index
 * serves taking, pruning and counting; the body stands last, where reading the rest passes it by.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE {deliveries} (
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
   CREATE INDEX {deliveries}_by_state ON {deliveries} (state, at);`,
];

/** SQL that adds names, a JSON array given twice, to those known to have succeeded, each once. */
export const WITH_NAMES = `CASE WHEN ? = '[]' THEN succeeded ELSE (
    SELECT json_group_array(DISTINCT value) FROM (
      SELECT value FROM json_each(succeeded) UNION ALL SELECT value FROM json_each(?)
    )) END`;

/** SQL that holds for the delivery a claim names, given its key and its token. */
export const CLAIMED = "key = ? AND token = ? AND state = 'running'";
