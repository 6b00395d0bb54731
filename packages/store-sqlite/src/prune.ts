import type { Connection } from './connection.js';
import { NOW } from './schema.js';

const PRUNE = `DELETE FROM {deliveries} WHERE seq IN (
  SELECT seq FROM {deliveries} WHERE state = 'done' AND at <= ${NOW} - ? ORDER BY at LIMIT ?)`;

/** Forgets what has been done for long enough, longest first; how many. The file keeps its size and reuses the room. */
export function prune(
  db: Connection,
  { doneForMs, limit }: { doneForMs: number; limit: number },
): number {
  return db.run(PRUNE, [doneForMs, limit]);
}
