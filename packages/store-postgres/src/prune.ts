import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { numberOf } from './database/row.js';
import { ageOf, countOf } from './numbers.js';
import type { Names } from './schema/names.js';

/**
 * Drops what has been done for long enough, a batch at a time; a guard keeps the keys. Forgets keys that are older
 * still, and says so in `memory` in the same step. Two processes pruning at once step over each other.
 */
export function prune(database: Database): DurableStore['prune'] {
  const text = statement(database.names);
  return async ({ doneForMs, keepKeysMs = Infinity, limit }) => {
    const most = countOf(limit, 'prune: limit');
    const done = ageOf(doneForMs, 'prune: doneForMs') ?? null;
    const kept = ageOf(keepKeysMs, 'prune: keepKeysMs') ?? null;
    if (most === 0) return 0;
    const [row] = await database.run({ action: 'prune', text, values: [done, kept, most] });
    return row === undefined ? 0 : numberOf(row, 'gone');
  };
}

/** An age that nothing reaches is null. Leases that lapsed are of nobody's: they are swept along. */
function statement({ deliveries, tombstones, leases, memory }: Names): string {
  const before = (age: string): string => `now() - ${age}::float8 * interval '1 ms'`;
  return `WITH dropped AS (
  DELETE FROM ${deliveries} WHERE key IN (
    SELECT key FROM ${deliveries} WHERE state = 'done' AND at <= ${before('$1')}
    ORDER BY at LIMIT $3::int FOR UPDATE SKIP LOCKED
  ) RETURNING 1
), forgotten AS (
  DELETE FROM ${tombstones} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${tombstones} WHERE at <= ${before('$2')} LIMIT $3::int FOR UPDATE SKIP LOCKED
  )) RETURNING at
), told AS (
  UPDATE ${memory} SET forgotten_at = greatest(forgotten_at, (SELECT max(at) FROM forgotten))
  WHERE EXISTS (SELECT FROM forgotten)
), swept AS (
  DELETE FROM ${leases} WHERE until < now() - interval '1 hour'
)
SELECT (SELECT count(*) FROM dropped) + (SELECT count(*) FROM forgotten) AS gone`;
}
