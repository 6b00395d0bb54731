import type { Connection } from './connection.js';
import { layToRest } from './tombstones.js';

/** Drops a dead letter and keeps its key; whether there was one. */
export function discard(db: Connection, key: string): boolean {
  if (db.run("DELETE FROM {deliveries} WHERE key = ? AND state = 'dead'", [key]) === 0)
    return false;
  layToRest(db, 1);
  return true;
}
