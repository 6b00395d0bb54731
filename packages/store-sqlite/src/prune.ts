import { readNumber, readText, type PruneOptions } from '@qbitflow/core/store';
import { keyHash } from './codec.js';
import type { Connection } from './connection.js';
import { checks } from './options.js';
import { NOW } from './schema.js';

const { ageMs, count } = checks;

const PRUNE = `DELETE FROM {deliveries} WHERE seq IN (
  SELECT seq FROM {deliveries} WHERE state = 'done' AND lane IS NULL AND at <= ${NOW} - ? ORDER BY at LIMIT ?)`;

/** Most of each kind that one step drops: it holds up the event loop for some 100 µs each. */
export const PRUNED_AT_ONCE = 50;

/** How many of both kinds one step dropped, and whether another may find more. */
interface Pruned {
  readonly dropped: number;
  readonly goOn: boolean;
}

/**
 * Drops what has been done for long enough, longest first, and keeps the keys; forgets keys that are older than they
 * are kept. The file keeps its size and reuses the room.
 */
export function prune(db: Connection, options: PruneOptions): Pruned {
  const limit = count('limit', options.limit);
  const doneFor = ageMs('doneForMs', options.doneForMs);
  const forgotten = forget(db, options.keepKeysMs ?? Infinity, limit);
  const pruned = doneFor === undefined ? 0 : db.run(PRUNE, [doneFor, limit]);
  // Those too that a process of the version before has pruned, or were deleted by hand.
  const kept = keepKeys(db, Math.max(pruned, limit));
  return {
    dropped: forgotten + pruned,
    goOn: limit > 0 && [forgotten, pruned, kept].includes(limit),
  };
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

/** Turns the keys of up to `limit` deleted deliveries into tombstones, how many; the trigger that noted them cannot hash. */
export function keepKeys(db: Connection, limit: number): number {
  const gone = db.all(GONE, [limit]);
  for (const row of gone) {
    const key = readText('key', row['key']);
    db.run(KEEP, [keyHash(key), readNumber('at', row['at'])]);
    db.run(KEPT, [key]);
  }
  return gone.length;
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
