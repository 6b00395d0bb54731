import {
  DELIVERY_STATES,
  readNumber,
  readText,
  type PageRequest,
  type ReadFilter,
} from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import type { Row, Value } from './driver.js';

/** A query for numbers of rows. */
export interface Query {
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

/** Between which numbers rows are, what else holds for when they were recorded, and how many are needed. */
export interface Bounds {
  readonly above: number;
  readonly below: number;
  readonly recorded: Conditions;
  readonly most: number;
}

/** One lower and one upper bound on numbers: of several SQLite would walk along the first. */
function within({ above, below, recorded }: Bounds): Conditions {
  return all({ sql: ['seq > ?', 'seq < ?'], values: [above, below] }, recorded);
}

/** Numbers of a page's rows, the newest first, one more than it shows where there are as many. */
export function numbersOf(filter: ReadFilter, bounds: Bounds): Query {
  const { sql, values } = chosenBy(filter, bounds);
  const newestFirst = `SELECT seq FROM (${sql}) ORDER BY seq DESC LIMIT ?`;
  return { sql: newestFirst, values: [...values, bounds.most] };
}

/** Numbers are given out in the order of recording, but for a clock that is set a little. */
const DISORDER_MS = 1_000;

/** The bounds of a page that a filter is asked for. */
export function boundsOf(
  db: Connection,
  { recordedFrom, recordedUntil }: ReadFilter,
  { limit, below = String(Number.MAX_SAFE_INTEGER) }: PageRequest,
): Bounds {
  const until =
    recordedUntil === undefined ? NONE : { sql: ['recorded_at < ?'], values: [recordedUntil] };
  const from =
    recordedFrom === undefined ? NONE : { sql: ['recorded_at >= ?'], values: [recordedFrom] };
  const last = recordedUntil === undefined ? Infinity : lastBefore(db, recordedUntil + DISORDER_MS);
  return {
    above: recordedFrom === undefined ? 0 : lastBefore(db, recordedFrom - DISORDER_MS),
    below: Math.min(Number(below), last + 1),
    recorded: all(until, from),
    most: limit + 1,
  };
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

function newest(index: string, conditions: Conditions, bounds: Bounds): Query {
  const { sql, values } = all(conditions, within(bounds));
  return {
    sql: `SELECT seq FROM (SELECT seq FROM {deliveries} ${index} WHERE ${sql.join(' AND ')} ORDER BY seq DESC LIMIT ?)`,
    values: [...values, bounds.most],
  };
}

function both(one: Query, other: Query): Query {
  return {
    sql: `${one.sql} UNION ALL ${other.sql}`,
    values: [...one.values, ...other.values],
  };
}

/** Of each state and type that fits, the newest: the index holds them in the order of their numbers. */
function ofTypes(filter: ReadFilter, bounds: Bounds): Query {
  const fits = within(bounds);
  const kinds = all(written('number > 0'), is('state', filter.state), is('type', filter.type));
  const each = `SELECT json_group_array(seq) FROM (
    SELECT seq FROM {deliveries} INDEXED BY {deliveries}_listed
    WHERE state = kind.state AND type = kind.type AND state <> 'running' AND ${fits.sql.join(' AND ')} ORDER BY seq DESC LIMIT ?)`;
  return {
    sql: `SELECT value AS seq FROM (
      SELECT state, type FROM {deliveries}_counts WHERE ${kinds.sql.join(' AND ')}) AS kind,
      json_each((${each}))`,
    values: [...kinds.values, ...fits.values, bounds.most],
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
  const { sql, values } = all(fits, within(bounds));
  return both(byIndex, {
    sql: `SELECT seq FROM {deliveries} WHERE key IN (SELECT type || ':' || ? FROM (${TYPES}))
      AND key = type || ':' || subject AND ${sql.join(' AND ')}`,
    values: [subject, ...values],
  });
}

/** How many rows one step of a search looks at, which holds up the event loop for some 2 µs each. */
export const LOOKED_AT_ONCE = 1_000;

/** What one step of a search has looked at: the numbers of what is meant, how many there were, and the last one's number. */
interface Look {
  readonly found: readonly number[];
  readonly looked: number;
  readonly last: number;
}

/** Looks through what fits apart from its state, type and error: what was looked at and is not meant counts too. */
export function lookFor(
  db: Connection,
  filter: ReadFilter & { readonly error: string },
  bounds: Bounds,
): Look {
  const meant = all(stateAndType(filter), {
    sql: ['instr(lower(last_error), ?) > 0'],
    values: [lowerAscii(filter.error)],
  });
  const source = lookedThrough(filter, { ...bounds, most: LOOKED_AT_ONCE });
  const [row] = db.all(
    `SELECT count(*) AS looked, min(seq) AS last, json_group_array(seq) FILTER (WHERE ${meant.sql.join(' AND ')}) AS found
     FROM (${source.sql} ORDER BY seq DESC LIMIT ?)`,
    [...meant.values, ...source.values, LOOKED_AT_ONCE],
  );
  const found: unknown = JSON.parse(readText('found', row?.['found']));
  return {
    found: Array.isArray(found) ? found.map(Number).toSorted((one, other) => other - one) : [],
    looked: numberOr(row, 'looked', 0),
    last: numberOr(row, 'last', 0),
  };
}

const LOOKED_AT = 'seq, state, type, unhandled, last_error';

/** Rows of an index, or of several that are merged by their numbers. */
function lookedThrough(filter: ReadFilter, bounds: Bounds): Query {
  const { state, subject } = filter;
  const from = (index: string, conditions: Conditions): Query => {
    const { sql, values } = all(conditions, within(bounds));
    const where = sql.join(' AND ');
    return { sql: `SELECT ${LOOKED_AT} FROM {deliveries} ${index} WHERE ${where}`, values };
  };
  const named = namedBy({ ...filter, state: undefined, type: undefined });
  if (named !== undefined) return from(named.index, named.conditions);
  if (subject !== undefined) {
    const { sql, values } = ofSubject(subject, NONE, bounds);
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
