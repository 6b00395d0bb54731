import type { Connection } from './connection.js';

/** Forgets a dead letter; whether there was one. */
export function discard(db: Connection, key: string): boolean {
  return db.run("DELETE FROM {deliveries} WHERE key = ? AND state = 'dead'", [key]) > 0;
}
