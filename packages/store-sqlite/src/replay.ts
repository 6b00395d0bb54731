import type { Connection } from './connection.js';
import { NOW } from './schema.js';
import { text } from './row.js';

const SUBJECT = "SELECT subject FROM {deliveries} WHERE key = ? AND state = 'dead'";
const REPLAY = `UPDATE {deliveries}
  SET state = 'due', at = ${NOW}, changed_at = ${NOW}, started = 0, counted = 0, finished = 0
  WHERE key = ? AND state = 'dead'`;

/** dead → due now. The subject of what was replayed, or `undefined` when the key is not dead. */
export function replay(db: Connection, key: string): string | undefined {
  const [dead] = db.all(SUBJECT, [key]);
  if (dead === undefined) return undefined;
  db.run(REPLAY, [key]);
  return text(dead, 'subject');
}
