import type { Connection } from './connection.js';
import { text } from './row.js';
import { NOW } from './schema.js';

const SUBJECT = "SELECT subject FROM {deliveries} WHERE key = ? AND state IN ('dead', 'done')";
// Of a done delivery all handlers run again; of a dead one those that had not succeeded.
const REPLAY = `UPDATE {deliveries}
  SET state = 'due', at = ${NOW}, changed_at = ${NOW}, due_since = ${NOW}, lane = 0, head = 1, unhandled = 0,
      started = 0, counted = 0, finished = 0, succeeded = iif(state = 'done', '[]', succeeded)
  WHERE key = ?`;

/** dead or done → due now. The subject of what was replayed, or `undefined` when the key is neither. */
export function replay(db: Connection, key: string): string | undefined {
  const [ended] = db.all(SUBJECT, [key]);
  if (ended === undefined) return undefined;
  db.run(REPLAY, [key]);
  return text(ended, 'subject');
}
