import type { PruneOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { ageMs, countOf } from './numbers.js';
import { NOW } from './schema.js';
import { forget, layToRest } from './tombstones.js';

const PRUNE = `DELETE FROM {deliveries} WHERE seq IN (
  SELECT seq FROM {deliveries} WHERE state = 'done' AND lane IS NULL AND at <= ${NOW} - ? ORDER BY at LIMIT ?)`;

/**
 * Drops what has been done for long enough, longest first, and keeps the keys; forgets keys that are older than they
 * are kept. How many of both. The file keeps its size and reuses the room.
 */
export function prune(db: Connection, options: PruneOptions): number {
  const limit = countOf('limit', options.limit);
  const doneFor = ageMs('doneForMs', options.doneForMs);
  const forgotten = forget(db, options.keepKeysMs ?? Infinity, limit);
  const dropped = doneFor === undefined ? 0 : db.run(PRUNE, [doneFor, limit]);
  // Those too that a process of the version before has pruned, or somebody by hand.
  layToRest(db, Math.max(dropped, limit));
  return forgotten + dropped;
}
