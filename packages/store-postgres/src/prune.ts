import type { DurableStore } from '@qbitflow/core/store';
import { checks, numberOf } from './codec.js';
import type { Database } from './database.js';
import type { Names } from './schema.js';

/**
 * Drops what has been done for long enough, a batch at a time; a guard keeps the keys. Forgets keys that are older
 * still, and says so in `memory` in the same step. Two processes pruning at once step over each other.
 */
export function prune(database: Database): DurableStore['prune'] {
  const text = pruneSql(database.names);
  return async ({ doneForMs, keepKeysMs = Infinity, limit }) => {
    const most = checks.count('limit', limit);
    const done = checks.ageMs('doneForMs', doneForMs) ?? null;
    const kept = checks.ageMs('keepKeysMs', keepKeysMs) ?? null;
    if (most === 0) return 0;
    const [row] = await database.run({ action: 'prune', text, values: [done, kept, most] });
    return row === undefined ? 0 : numberOf(row, 'gone');
  };
}

/** An age that nothing reaches is null. Leases that lapsed belong to no claim: they are swept along. */
function pruneSql({ deliveries, tombstones, leases, memory }: Names): string {
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
