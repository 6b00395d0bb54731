import {
  readNumber,
  readPageRequest,
  readState,
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
import { NOW } from './schema.js';

const GET = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE key = ?`;

/** One delivery with its body, and the webhook that came later. */
export function get(db: Connection, key: string): StoredDelivery | undefined {
  const [row] = db.all(GET, [key]);
  return row === undefined ? undefined : storedOf(row, webhookOf(db, row));
}

/** One page, newest first; the cursor holds the number of the last row shown. Bodies are not read. */
export function list(db: Connection, filter: ListFilter): DeliveryPage {
  const request = readPageRequest(STORE, filter);
  const { limit, below = String(Number.MAX_SAFE_INTEGER) } = request;
  const asked = Object.entries({
    state: filter.state,
    type: filter.type,
    subject: filter.subject,
  }).filter(([, value]) => value !== undefined);
  // Written out, for the index of those few to be used.
  const unhandled = filter.unhandled === true ? ['unhandled = 1', "state = 'done'"] : [];
  const conditions = ['seq < ?', ...asked.map(([column]) => `${column} = ?`), ...unhandled].join(
    ' AND ',
  );
  // The rows of a page are chosen by number first: sorting thousands of whole rows would be slow.
  const page = `SELECT seq FROM {deliveries} WHERE ${conditions} ORDER BY seq DESC LIMIT ?`;
  const sql = `SELECT ${COLUMNS} FROM {deliveries} WHERE seq IN (${page}) ORDER BY seq DESC`;
  const values = [Number(below), ...asked.map(([, value]) => value ?? null), limit + 1];
  return toPage(STORE, request, {
    rows: db.all(sql, values),
    read: (row) => storedOf(row),
    sequenceOf: (row) => String(row['seq']),
  });
}

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
  for (const row of db.all(COUNTS))
    counts[readState(row['state'])] = readNumber('number', row['number']);
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
  return rows.reduce((sum, row) => sum + readNumber('number', row['number']), 0);
}
