/**
 * SQLite's own clock in whole ms since 1970. Not `unixepoch('subsec')`: a merchant's driver may be older than that.
 * It stands still within one statement.
 */
export const NOW = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";

/** SQL that adds names, a JSON array given twice, to those known to have succeeded, each once. */
export const WITH_NAMES = `CASE WHEN ? = '[]' THEN succeeded ELSE (
    SELECT json_group_array(DISTINCT value) FROM (
      SELECT value FROM json_each(succeeded) UNION ALL SELECT value FROM json_each(?)
    )) END`;

/** SQL that holds for the delivery a claim names, given its key and its token. */
export const CLAIMED = "key = ? AND token = ? AND state = 'running'";

/** SQL that takes a delivery out of the line of those that may be taken. */
export const OUT_OF_LINE = 'lane = NULL, head = 0';
