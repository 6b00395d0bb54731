import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';

/** Drops a dead letter; a guard keeps its key. */
export function discard(database: Database): DurableStore['discard'] {
  const text = `DELETE FROM ${database.names.deliveries} WHERE key = $1 AND state = 'dead' RETURNING 1 AS gone`;
  return async (key) => {
    const rows = await database.run({ action: 'discard', text, values: [key] });
    return rows.length > 0;
  };
}
