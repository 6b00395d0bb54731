import type { StoreStats } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { integer, stateOf } from './row.js';
import { NOW } from './schema.js';

const STATS = `SELECT state, COUNT(*) AS number, MAX(0, ${NOW} - MIN(at)) AS oldest FROM {deliveries} GROUP BY state`;

/** Counts by state, read from the index alone. */
export function stats(db: Connection): StoreStats {
  const counts = { due: 0, running: 0, done: 0, dead: 0 };
  let oldestDueAgeMs = 0;
  for (const row of db.all(STATS)) {
    const state = stateOf(row);
    counts[state] = integer(row, 'number');
    if (state === 'due') oldestDueAgeMs = integer(row, 'oldest');
  }
  return { ...counts, oldestDueAgeMs };
}
