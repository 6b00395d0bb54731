import {
  DELIVERY_STATES,
  MOST_SEARCHED,
  readNumber,
  type PageRequest,
  type ReadFilter,
} from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import type { Row, Value } from './driver.js';

/** A query for numbers of rows. */
interface Query {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** What a row must be: conditions and their values. */
interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly Value[];
}

const NONE: Conditions = { sql: [], values: [] };

function all(...several: readonly Conditions[]): Conditions {
  return {
    sql: several.flatMap(({ sql }) => sql),
    values: several.flatMap(({ values }) => values),
  };
}

const is = (column: string, value: Value | undefined): Conditions =>
  value === undefined ? NONE : { sql: [`${column} = ?`], values: [value] };

const written = (...sql: readonly string[]): Conditions => ({ sql, values: [] });

/** Between which numbers rows may be, what else holds for when they were recorded, and how many are needed. */
interface Bounds {
  readonly within: Conditions;
  readonly most: number;
}

/** Numbers of a page's rows, and where a search stopped looking. */
interface Numbers {
  readonly query: Query;
  readonly stoppedAt: string | undefined;
}

/** One more number than the page shows where there are as many, the newest first, of what a filter lets through. */
export function numbersOf(db: Connection, filter: ReadFilter, request: PageRequest): Numbers {
  const bounds = boundsOf(db, filter, request);
  if (filter.error !== undefined) return search(db, { ...filter, error: filter.error }, bounds);
  const { sql, values } = chosenBy(filter, bounds);
  return {
    query: {
      sql: `SELECT seq FROM (${sql}) ORDER BY seq DESC LIMIT ?`,
      values: [...values, bounds.most],
    },
    stoppedAt: undefined,
  };
}

/** Numbers are given out in the order of recording, but for a clock that is set a little. */
const DISORDER_MS = 1_000;

function boundsOf(
  db: Connection,
  { recordedFrom, recordedUntil }: ReadFilter,
  { limit, below }: PageRequest,
): Bounds {
  const conditions = [{ sql: ['seq < ?'], values: [Number(below ?? Number.MAX_SAFE_INTEGER)] }];
  if (recordedUntil !== undefined)
    conditions.push({
      sql: ['seq <= ?', 'recorded_at < ?'],
      values: [lastBefore(db, recordedUntil + DISORDER_MS), recordedUntil],
    });
  if (recordedFrom !== undefined)
    conditions.push({
      sql: ['seq > ?', 'recorded_at >= ?'],
      values: [lastBefore(db, recordedFrom - DISORDER_MS), recordedFrom],
    });
  return { within: all(...conditions), most: limit + 1 };
}

const ENDS =
  'SELECT (SELECT min(seq) FROM {deliveries}) - 1 AS low, (SELECT max(seq) FROM {deliveries}) AS high';
const PROBE =
  'SELECT seq, recorded_at FROM {deliveries} WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1';

/**
 * The number of the last delivery recorded before a time: halving what lies between finds it by looking at some twenty
 * rows. An index by time would cost every delivery an entry.
 */
function lastBefore(db: Connection, time: number): number {
  const [ends] = db.all(ENDS);
  let low = numberOr(ends, 'low', 0);
  let high = numberOr(ends, 'high', 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [probe] = db.all(PROBE, [low, middle]);
    if (probe !== undefined && readNumber('recorded_at', probe['recorded_at']) >= time)
      high = readNumber('seq', probe['seq']) - 1;
    else low = middle;
  }
  return low;
}

function numberOr(row: Row | undefined, column: string, otherwise: number): number {
  return readNumber(column, row?.[column] ?? otherwise);
}

/** By the index that fits, in the order of their numbers or such that those of a page are among them. */
function chosenBy(filter: ReadFilter, bounds: Bounds): Query {
  const { state, type, subject } = filter;
  const named = namedBy(filter);
  if (named !== undefined) return newest(named.index, named.conditions, bounds);
  if (subject !== undefined) return ofSubject(subject, stateAndType(filter), bounds);
  if (state === undefined && type === undefined) return newest('NOT INDEXED', NONE, bounds);
  const running = newest(
    'INDEXED BY {deliveries}_by_state',
    all(written("state = 'running'"), is('type', type)),
    bounds,
  );
  if (state === 'running') return running;
  const listed = ofTypes(filter, bounds);
  return state === undefined ? both(listed, running) : listed;
}

interface Named {
  readonly index: string;
  readonly conditions: Conditions;
}

/** The few that a reference or the lack of a handler names. */
function namedBy(filter: ReadFilter): Named | undefined {
  const { subject, reference, unhandled } = filter;
  const others = all(is('subject', subject), stateAndType(filter));
  // Written out, for the index of those few to be used.
  const done = unhandled === true ? written('unhandled = 1', "state = 'done'") : NONE;
  if (reference !== undefined)
    return {
      index: 'INDEXED BY {deliveries}_by_reference',
      conditions: all(is('reference', reference), others, done),
    };
  if (unhandled !== true || subject !== undefined) return undefined;
  return { index: '', conditions: all(done, others) };
}

function stateAndType({ state, type, unhandled }: ReadFilter): Conditions {
  const done = unhandled === true ? written('unhandled = 1', "state = 'done'") : NONE;
  return all(is('state', state), is('type', type), done);
}

function newest(index: string, conditions: Conditions, { within, most }: Bounds): Query {
  const { sql, values } = all(conditions, within);
  return {
    sql: `SELECT seq FROM (SELECT seq FROM {deliveries} ${index} WHERE ${sql.join(' AND ')} ORDER BY seq DESC LIMIT ?)`,
    values: [...values, most],
  };
}

function both(one: Query, other: Query): Query {
  return {
    sql: `${one.sql} UNION ALL ${other.sql}`,
    values: [...one.values, ...other.values],
  };
}

/** Of each state and type that fits, the newest: the index holds them in the order of their numbers. */
function ofTypes(filter: ReadFilter, { within, most }: Bounds): Query {
  const kinds = all(written('number > 0'), is('state', filter.state), is('type', filter.type));
  const each = `SELECT json_group_array(seq) FROM (
    SELECT seq FROM {deliveries} INDEXED BY {deliveries}_listed
    WHERE state = kind.state AND type = kind.type AND state <> 'running' AND ${within.sql.join(' AND ')} ORDER BY seq DESC LIMIT ?)`;
  return {
    sql: `SELECT value AS seq FROM (
      SELECT state, type FROM {deliveries}_counts WHERE ${kinds.sql.join(' AND ')}) AS kind,
      json_each((${each}))`,
    values: [...kinds.values, ...within.values, most],
  };
}

const TYPES = `SELECT type FROM {deliveries}_counts UNION
  SELECT type FROM {deliveries} INDEXED BY {deliveries}_by_state WHERE state = 'running'`;

/** By the key where it is made of type and subject, as most are, and by the index of the others. */
function ofSubject(subject: string, others: Conditions, bounds: Bounds): Query {
  const fits = all(is('subject', subject), others);
  const byIndex = newest(
    'INDEXED BY {deliveries}_by_subject',
    all(written("key <> type || ':' || subject"), fits),
    bounds,
  );
  const { sql, values } = all(fits, bounds.within);
  return both(byIndex, {
    sql: `SELECT seq FROM {deliveries} WHERE key IN (SELECT type || ':' || ? FROM (${TYPES}))
      AND key = type || ':' || subject AND ${sql.join(' AND ')}`,
    values: [subject, ...values],
  });
}

/**
 * What was looked at and is not meant counts too: so a page takes no longer where nothing fits. It looks no further than
 * the page needs, and for where it stopped only where it found too little.
 */
function search(
  db: Connection,
  filter: ReadFilter & { readonly error: string },
  bounds: Bounds,
): Numbers {
  const looked = lookedThrough(filter, bounds);
  const meant = all(stateAndType(filter), {
    sql: ['instr(lower(last_error), ?) > 0'],
    values: [lowerAscii(filter.error)],
  });
  const sql = `SELECT seq FROM (${looked.sql} LIMIT ${MOST_SEARCHED}) WHERE ${meant.sql.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
  const found = db.all(sql, [...looked.values, ...meant.values, bounds.most]);
  const seqs = found.map((row) => readNumber('seq', row['seq']));
  const query = { sql: 'SELECT value FROM json_each(?)', values: [JSON.stringify(seqs)] };
  if (seqs.length === bounds.most) return { query, stoppedAt: undefined };
  const [last] = db.all(
    `SELECT seq FROM (${looked.sql} LIMIT 1 OFFSET ${MOST_SEARCHED - 1})`,
    looked.values,
  );
  return { query, stoppedAt: last === undefined ? undefined : String(last['seq']) };
}

const LOOKED_AT = 'seq, state, type, unhandled, last_error';

/** Rows in the order of their numbers, the newest first. Of the states together they are merged along the index. */
function lookedThrough(filter: ReadFilter, { within }: Bounds): Query {
  const from = (index: string, conditions: Conditions): Query => {
    const { sql, values } = all(conditions, within);
    return {
      sql: `SELECT ${LOOKED_AT} FROM {deliveries} ${index} WHERE ${sql.join(' AND ')}`,
      values,
    };
  };
  const source = sourceOf(filter, from, within);
  return { sql: `${source.sql} ORDER BY seq DESC`, values: source.values };
}

/** Rows of some index that meet some conditions. */
type From = (index: string, conditions: Conditions) => Query;

function sourceOf({ state, ...filter }: ReadFilter, from: From, within: Conditions): Query {
  const { subject, reference, unhandled } = filter;
  const named = namedBy({ subject, reference, unhandled });
  if (named !== undefined) return from(named.index, named.conditions);
  if (subject !== undefined) {
    const { sql, values } = ofSubject(subject, NONE, { within, most: MOST_SEARCHED });
    return from('', { sql: [`seq IN (${sql})`], values });
  }
  const states = state === undefined ? DELIVERY_STATES : [known(state)];
  return states
    .map((each) =>
      from(
        'INDEXED BY {deliveries}_failed',
        written(`state = '${each}'`, 'last_error IS NOT NULL'),
      ),
    )
    .reduce(both);
}

/** Written out, so that SQLite knows which part of the index it is; whatever else is asked for finds nothing. */
function known(state: string): string {
  return DELIVERY_STATES.find((each) => each === state) ?? '';
}

const lowerAscii = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
