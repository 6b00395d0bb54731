import type { StoreStats, TypeFilter } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { integer, stateOf } from './row.js';
import { NOW } from './schema.js';

const COUNTS = 'SELECT state, COUNT(*) AS number FROM {deliveries} GROUP BY state';
const OLDEST = `SELECT MAX(0, ${NOW} - MIN(at)) AS age FROM (
  SELECT MIN(at) AS at FROM {deliveries} WHERE state = 'due' AND lane = 0 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane = 1 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane IS NULL AND at <= ${NOW})`;
const UNHANDLED = 'SELECT COUNT(*) AS number FROM {deliveries} WHERE unhandled = 1';
const DUE_OF = (operator: 'IN' | 'NOT IN'): string => `SELECT COUNT(*) AS number FROM {deliveries}
  WHERE state = 'due' AND type ${operator} (SELECT value FROM json_each(?))`;
const DUE_BUT = DUE_OF('NOT IN');
const DUE_AMONG = DUE_OF('IN');

/** Counts by state and of what no handler has seen or is going to see, read from indexes alone. */
export function stats(db: Connection, handled: TypeFilter | undefined): StoreStats {
  const counts = { due: 0, running: 0, done: 0, dead: 0 };
  for (const row of db.all(COUNTS)) counts[stateOf(row)] = integer(row, 'number');
  const [oldest] = db.all(OLDEST);
  const unhandled = only(db.all(UNHANDLED)) + dueOutside(db, handled);
  return { ...counts, unhandled, oldestDueAgeMs: Number(oldest?.['age'] ?? 0) };
}

function dueOutside(db: Connection, handled: TypeFilter | undefined): number {
  if (handled === undefined) return 0;
  if ('only' in handled) return only(db.all(DUE_BUT, [JSON.stringify(handled.only)]));
  return only(db.all(DUE_AMONG, [JSON.stringify(handled.except)]));
}

function only(rows: ReturnType<Connection['all']>): number {
  return rows.reduce((sum, row) => sum + integer(row, 'number'), 0);
}
