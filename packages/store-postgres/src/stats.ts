import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { numberOf } from './database/row.js';

/** Counts from the indexes alone. */
export function stats(database: Database): DurableStore['stats'] {
  const text = statement(database.names.deliveries);
  return async () => {
    const [row] = await database.run({ action: 'count', text, values: [] });
    if (row === undefined) throw new Error('a count came back without a row');
    return {
      due: numberOf(row, 'due'),
      running: numberOf(row, 'running'),
      done: numberOf(row, 'done'),
      dead: numberOf(row, 'dead'),
      oldestDueAgeMs: numberOf(row, 'oldest_ms'),
    };
  };
}

function statement(deliveries: string): string {
  return `SELECT count(*) FILTER (WHERE state = 'due') AS due, count(*) FILTER (WHERE state = 'running') AS running,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'done') AS done,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'dead') AS dead,
  greatest(coalesce(floor(extract(epoch FROM now() - min(at) FILTER (WHERE state = 'due')) * 1000), 0), 0)::bigint AS oldest_ms
FROM ${deliveries} WHERE state IN ('due', 'running')`;
}
