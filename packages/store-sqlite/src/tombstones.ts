import type { Connection } from './connection.js';
import { keyHash } from './key-hash.js';
import { ageMs } from './numbers.js';
import { integer, text } from './row.js';
import { NOW } from './schema.js';

const GONE = 'SELECT key, at FROM {deliveries}_gone LIMIT ?';
const KEEP = 'INSERT OR REPLACE INTO {deliveries}_keys (hash, at) VALUES (?, ?)';
const LAID = 'DELETE FROM {deliveries}_gone WHERE key = ?';

const OLD = `SELECT hash, at FROM {deliveries}_keys WHERE at <= ${NOW} - ? ORDER BY at LIMIT ?`;
const FORGET = `DELETE FROM {deliveries}_keys WHERE hash IN (SELECT hash FROM (${OLD}))`;
// Before anything is forgotten: `at` of the newest that is about to be.
const NOTE = `UPDATE {deliveries}_schema SET forgot_at = max(ifnull(forgot_at, 0), (SELECT max(at) FROM (${OLD})))
  WHERE EXISTS (${OLD})`;
const SINCE = 'SELECT max(born_at, ifnull(forgot_at, 0)) AS since FROM {deliveries}_schema';

/** Turns the keys of up to `limit` deleted deliveries into tombstones; the trigger that noted them cannot hash. */
export function layToRest(db: Connection, limit: number): void {
  for (const row of db.all(GONE, [limit])) {
    const key = text(row, 'key');
    db.run(KEEP, [keyHash(key), integer(row, 'at')]);
    db.run(LAID, [key]);
  }
}

/** Forgets up to `limit` tombstones older than `keepKeysMs`, the oldest first; how many. */
export function forget(db: Connection, keepKeysMs: number, limit: number): number {
  const age = ageMs('keepKeysMs', keepKeysMs);
  if (age === undefined) return 0;
  db.run(NOTE, [age, limit, age, limit]);
  return db.run(FORGET, [age, limit]);
}

/** Since when every key is known, in ms since 1970. */
export function knownSince(db: Connection): number {
  const [row] = db.all(SINCE);
  return row === undefined ? 0 : integer(row, 'since');
}
