import { readNumber, readText, type PruneOptions } from '@qbitflow/core/store';
import { keyHash } from './codec.js';
import type { Connection } from './connection.js';
import { checks } from './options.js';
import { NOW } from './schema.js';

const { ageMs, count } = checks;

const PRUNE = `DELETE FROM {deliveries} WHERE seq IN (
  SELECT seq FROM {deliveries} WHERE state = 'done' AND lane IS NULL AND at <= ${NOW} - ? ORDER BY at LIMIT ?)`;

/**
 * Drops what has been done for long enough, longest first, and keeps the keys; forgets keys that are older than they
 * are kept. How many of both. The file keeps its size and reuses the room.
 */
export function prune(db: Connection, options: PruneOptions): number {
  const limit = count('limit', options.limit);
  const doneFor = ageMs('doneForMs', options.doneForMs);
  const forgotten = forget(db, options.keepKeysMs ?? Infinity, limit);
  const dropped = doneFor === undefined ? 0 : db.run(PRUNE, [doneFor, limit]);
  // Those too that a process of the version before has pruned, or were deleted by hand.
  keepKeys(db, Math.max(dropped, limit));
  return forgotten + dropped;
}

const GONE = 'SELECT key, at FROM {deliveries}_gone LIMIT ?';
const KEEP = 'INSERT OR REPLACE INTO {deliveries}_keys (hash, at) VALUES (?, ?)';
const KEPT = 'DELETE FROM {deliveries}_gone WHERE key = ?';

const OLD = `SELECT hash, at FROM {deliveries}_keys WHERE at <= ${NOW} - ? ORDER BY at LIMIT ?`;
const FORGET = `DELETE FROM {deliveries}_keys WHERE hash IN (SELECT hash FROM (${OLD}))`;
// Before anything is forgotten: `at` of the newest that is about to be.
const FORGOTTEN = `UPDATE {deliveries}_schema SET forgot_at = max(ifnull(forgot_at, 0), (SELECT max(at) FROM (${OLD})))
  WHERE EXISTS (${OLD})`;
const SINCE = 'SELECT max(born_at, ifnull(forgot_at, 0)) AS since FROM {deliveries}_schema';

/** Turns the keys of up to `limit` deleted deliveries into tombstones; the trigger that noted them cannot hash. */
export function keepKeys(db: Connection, limit: number): void {
  for (const row of db.all(GONE, [limit])) {
    const key = readText('key', row['key']);
    db.run(KEEP, [keyHash(key), readNumber('at', row['at'])]);
    db.run(KEPT, [key]);
  }
}

/** Forgets up to `limit` tombstones older than `keepKeysMs`, the oldest first; how many. */
function forget(db: Connection, keepKeysMs: number, limit: number): number {
  const age = ageMs('keepKeysMs', keepKeysMs);
  if (age === undefined) return 0;
  db.run(FORGOTTEN, [age, limit, age, limit]);
  return db.run(FORGET, [age, limit]);
}

/** Since when every key is known, in ms since 1970. */
export function knownSince(db: Connection): number {
  const [row] = db.all(SINCE);
  return row === undefined ? 0 : readNumber('since', row['since']);
}
