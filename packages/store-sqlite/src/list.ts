import {
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
import type { Value } from './driver.js';
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
  // The rows of a page are chosen by number first: sorting thousands of whole rows would be slow.
  const { sql, values } = chosenBy(filter, [Number(below), limit + 1]);
  const page = `SELECT seq FROM (${sql}) ORDER BY seq DESC LIMIT ?`;
  return toPage(STORE, request, {
    rows: db.all(`SELECT ${COLUMNS} FROM {deliveries} WHERE seq IN (${page}) ORDER BY seq DESC`, [
      ...values,
      limit + 1,
    ]),
    read: (row) => storedOf(row),
    sequenceOf: (row) => String(row['seq']),
  });
}

/** A query for numbers of rows. */
interface Query {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The last number shown, below which the page begins, and how many rows it needs. */
type Bounds = readonly [below: number, most: number];

/** Numbers that a filter lets through, the newest first as many as the page needs, by the index that fits it. */
function chosenBy(filter: ListFilter, bounds: Bounds): Query {
  const { state, type, subject } = filter;
  if (subject !== undefined) return ofSubject(subject, filter, bounds);
  if (filter.unhandled === true) return newest('', ['unhandled = 1'], conditionsOf(filter), bounds);
  if (state === undefined && type === undefined) return newest('NOT INDEXED', [], NONE, bounds);
  const running = newest(
    'INDEXED BY {deliveries}_by_state',
    ["state = 'running'"],
    ofType(type),
    bounds,
  );
  if (state === 'running') return running;
  const listed = ofTypes(filter, bounds);
  return state === undefined ? both(listed, running) : listed;
}

/** What a row must be: conditions and their values. */
interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly Value[];
}

const NONE: Conditions = { sql: [], values: [] };

function ofType(type: string | undefined): Conditions {
  return type === undefined ? NONE : { sql: ['type = ?'], values: [type] };
}

function conditionsOf({ state, type, unhandled }: ListFilter): Conditions {
  const asked = Object.entries({ state, type }).filter(([, value]) => value !== undefined);
  const sql = asked.map(([column]) => `${column} = ?`);
  // Written out, for the index of those few to be used.
  if (unhandled === true) sql.push('unhandled = 1', "state = 'done'");
  return { sql, values: asked.map(([, value]) => value ?? null) };
}

function newest(
  index: string,
  fixed: readonly string[],
  { sql, values }: Conditions,
  bounds: Bounds,
): Query {
  const where = [...fixed, ...sql, 'seq < ?'].join(' AND ');
  return {
    sql: `SELECT seq FROM (SELECT seq FROM {deliveries} ${index} WHERE ${where} ORDER BY seq DESC LIMIT ?)`,
    values: [...values, ...bounds],
  };
}

function both(one: Query, other: Query): Query {
  return {
    sql: `${one.sql} UNION ALL ${other.sql}`,
    values: [...one.values, ...other.values],
  };
}

/** Of each state and type that fits, the newest: the index holds them in the order of their numbers. */
function ofTypes(filter: ListFilter, bounds: Bounds): Query {
  const { sql, values } = conditionsOf({ state: filter.state, type: filter.type });
  const each = `SELECT json_group_array(seq) FROM (
    SELECT seq FROM {deliveries} INDEXED BY {deliveries}_listed
    WHERE state = kind.state AND type = kind.type AND state <> 'running' AND seq < ? ORDER BY seq DESC LIMIT ?)`;
  return {
    sql: `SELECT value AS seq FROM (
      SELECT state, type FROM {deliveries}_counts WHERE ${['number > 0', ...sql].join(' AND ')}) AS kind,
      json_each((${each}))`,
    values: [...values, ...bounds],
  };
}

const TYPES = `SELECT type FROM {deliveries}_counts UNION
  SELECT type FROM {deliveries} INDEXED BY {deliveries}_by_state WHERE state = 'running'`;

/** By the key where it is made of type and subject, as most are, and by the index of the others. */
function ofSubject(subject: string, filter: ListFilter, bounds: Bounds): Query {
  const { sql, values } = conditionsOf(filter);
  const conditions = { sql: ['subject = ?', ...sql], values: [subject, ...values] };
  const others = newest(
    'INDEXED BY {deliveries}_by_subject',
    ["key <> type || ':' || subject"],
    conditions,
    bounds,
  );
  const where = ['subject = ?', ...sql, 'seq < ?'].map((condition) => `AND ${condition}`).join(' ');
  return both(others, {
    sql: `SELECT seq FROM {deliveries} WHERE key IN (SELECT type || ':' || ? FROM (${TYPES}))
      AND key = type || ':' || subject ${where}`,
    values: [subject, ...conditions.values, bounds[0]],
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
