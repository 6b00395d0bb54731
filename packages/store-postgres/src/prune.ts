import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';

/** Forgets what has been done for long enough, a batch at a time. Two processes pruning at once step over each other. */
export function prune(database: Database): DurableStore['prune'] {
  const { deliveries } = database.names;
  const text = `DELETE FROM ${deliveries} WHERE key IN (
  SELECT key FROM ${deliveries} WHERE state = 'done' AND at <= now() - $1::float8 * interval '1 ms'
  ORDER BY at LIMIT $2::int FOR UPDATE SKIP LOCKED
) RETURNING 1 AS gone`;
  return async ({ doneForMs, limit }) => {
    if (limit <= 0) return 0;
    const rows = await database.run({ action: 'prune', text, values: [doneForMs, limit] });
    return rows.length;
  };
}
