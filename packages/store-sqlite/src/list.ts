import {
  readFilter,
  readNumber,
  readPageRequest,
  readText,
  toPage,
  type DeliveryPage,
  type ListFilter,
  type StoredDelivery,
  type StoreStats,
  type TypeFilter,
} from '@qbitflow/core/store';
import { COLUMNS, storedOf, webhookOf } from './codec.js';
import type { Connection } from './connection.js';
import { STORE } from './options.js';
import { numbersOf } from './page.js';
import { NOW } from './schema.js';

const GET = `SELECT ${COLUMNS}, attempts, raw FROM {deliveries} WHERE key = ?`;

/** One delivery with its body and its attempts, and the webhook that came later. */
export function get(db: Connection, key: string): StoredDelivery | undefined {
  const [row] = db.all(GET, [key]);
  return row === undefined ? undefined : storedOf(row, webhookOf(db, row));
}

/** One page, newest first; the cursor holds the number of the last row shown. Bodies are not read. */
export function list(db: Connection, filter: ListFilter): DeliveryPage {
  const request = readPageRequest(STORE, filter);
  // The rows of a page are chosen by number first: sorting thousands of whole rows would be slow.
  const { query, stoppedAt } = numbersOf(db, readFilter(STORE, filter), request);
  const { sql, values } = query;
  return toPage(STORE, request, {
    rows: db.all(
      `SELECT ${COLUMNS} FROM {deliveries} WHERE seq IN (${sql}) ORDER BY seq DESC`,
      values,
    ),
    read: (row) => storedOf(row),
    sequenceOf: (row) => String(row['seq']),
    stoppedAt,
  });
}

const COUNTED = 'SELECT state, type, number FROM {deliveries}_counts';
const RUNNING = "SELECT COUNT(*) AS number FROM {deliveries} WHERE state = 'running'";
const OLDEST = `SELECT MAX(0, ${NOW} - MIN(at)) AS age FROM (
  SELECT MIN(at) AS at FROM {deliveries} WHERE state = 'due' AND lane = 0 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane = 1 UNION ALL
  SELECT MIN(at) FROM {deliveries} WHERE state = 'due' AND lane IS NULL AND at <= ${NOW})`;

/** Counts by state and of what no handler has seen or is going to see, in time that does not grow with them. */
export function stats(db: Connection, handled: TypeFilter | undefined): StoreStats {
  const counts = { due: 0, done: 0, dead: 0, unhandled: 0 };
  for (const row of db.all(COUNTED)) {
    const state = readText('state', row['state']);
    const number = readNumber('number', row['number']);
    if (isCounted(state)) counts[state] += number;
    if (state === 'due' && !isHandled(readText('type', row['type']), handled))
      counts.unhandled += number;
  }
  const [running] = db.all(RUNNING);
  const [oldest] = db.all(OLDEST);
  return {
    ...counts,
    running: readNumber('number', running?.['number']),
    oldestDueAgeMs: Number(oldest?.['age'] ?? 0),
  };
}

function isCounted(state: string): state is 'due' | 'done' | 'dead' | 'unhandled' {
  return ['due', 'done', 'dead', 'unhandled'].includes(state);
}

function isHandled(type: string, handled: TypeFilter | undefined): boolean {
  if (handled === undefined) return true;
  return 'only' in handled ? handled.only.includes(type) : !handled.except.includes(type);
}
