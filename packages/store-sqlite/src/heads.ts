import type { Connection } from './connection.js';
import { text } from './row.js';

/** Lanes of the line: what may be taken, and what an earlier start never finished. */
export const LANES = { fresh: 0, lapsed: 1 } as const;

/** One that takers look at. */
export interface Head {
  readonly seq: number;
  readonly at: number;
  readonly subject: string;
  readonly lane: number;
}

// As one text: drivers take longer to make a row than SQLite to find it.
const HEADS = `SELECT json_group_array(json_array(seq, at, subject)) AS heads FROM (
  SELECT seq, at, subject FROM {deliveries} WHERE head = 1 AND type = ? AND lane = ? ORDER BY at, seq LIMIT ?)`;

/** Up to `limit` heads of one type and lane, the oldest first. */
export function headsOf(
  db: Connection,
  [type, lane]: readonly [type: string, lane: number],
  limit: number,
): readonly Head[] {
  const [row] = db.all(HEADS, [type, lane, limit]);
  const heads: unknown = row === undefined ? [] : JSON.parse(text(row, 'heads'));
  return Array.isArray(heads) ? heads.map((head) => headOf(head, lane)) : [];
}

function headOf(head: unknown, lane: number): Head {
  const [seq, at, subject]: unknown[] = Array.isArray(head) ? head : [];
  return { seq: Number(seq), at: Number(at), subject: String(subject), lane };
}
