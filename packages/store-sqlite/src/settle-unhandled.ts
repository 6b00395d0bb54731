import type { SettleOptions } from '@qbitflow/core';
import { LANES } from './heads.js';
import { typesInLine } from './types-in-line.js';
import type { Connection } from './connection.js';
import { ageMs, countOf } from './numbers.js';
import { NOW, OUT_OF_LINE } from './schema.js';

const SETTLE = `UPDATE {deliveries}
  SET state = 'done', at = ${NOW}, changed_at = ${NOW}, unhandled = 1, ${OUT_OF_LINE}
  WHERE seq IN (
    SELECT seq FROM {deliveries}
    WHERE head = 1 AND type = ? AND lane = ? AND state = 'due' AND at <= ${NOW} - ? ORDER BY at, seq LIMIT ?)`;

/**
 * due → done and unhandled, for what could have been taken for so long; how many. What an attempt put off is due only
 * when its time has come: somebody who handles it may be waiting for that.
 */
export function settleUnhandled(db: Connection, options: SettleOptions): number {
  const limit = countOf('limit', options.limit);
  const age = ageMs('dueForMs', options.dueForMs);
  if (age === undefined) return 0;
  let settled = 0;
  for (const type of typesInLine(db, options.types))
    for (const lane of Object.values(LANES))
      // The heads of one round make room for those behind them.
      for (let more = 1; more > 0 && settled < limit; settled += more)
        more = db.run(SETTLE, [type, lane, age, limit - settled]);
  return settled;
}
