import {
  DELIVERY_STATES,
  readPageRequest,
  toPage,
  type DurableStore,
  type ListFilter,
  type PageRequest,
} from '@qbitflow/core/store';
import {
  filterOf,
  LATER_COLUMNS,
  numberOf,
  readStoredRow,
  storedColumns,
  textOf,
} from './codec.js';
import type { Database, Value } from './database.js';
import { STORE } from './errors.js';
import { LANE, lanesThere, NEWEST, OPEN, type Names } from './schema.js';

/** One delivery with its body, and the webhook's where a look was first. */
export function get(database: Database): DurableStore['get'] {
  const { deliveries, laterWebhooks } = database.names;
  const text = `SELECT d.*, ${LATER_COLUMNS}
FROM (SELECT ${storedColumns('raw')} FROM ${deliveries} WHERE key = $1) d LEFT JOIN ${laterWebhooks} later USING (key)`;
  return async (key) => {
    const [row] = await database.run({
      action: 'look up a delivery',
      text,
      values: [key],
      lane: 'work',
    });
    return row === undefined ? undefined : readStoredRow(row);
  };
}

/** Deliveries newest first, without bodies. */
export function list(database: Database): DurableStore['list'] {
  return async (filter) => {
    const request = readPageRequest(STORE, filter);
    const { text, values } = listSql(database.names.deliveries, filter, request);
    const rows = await database.run({ action: 'list deliveries', text, values });
    return toPage(STORE, request, {
      rows,
      read: readStoredRow,
      sequenceOf: (row) => textOf(row, 'seq'),
    });
  };
}

/**
 * Only what is asked for stands in the statement, so that each combination finds its index. Numbers come first and rows
 * by their numbers, so that no more rows are read than are shown.
 */
function listSql(
  deliveries: string,
  { state, type, subject, unhandled }: ListFilter,
  { limit, below }: PageRequest,
): { text: string; values: Value[] } {
  const values: Value[] = [];
  const bind = (value: Value): string => `$${values.push(value)}`;
  const most = bind(limit + 1);
  const conditions: string[] = [];
  if (subject !== undefined) conditions.push(`subject = ${bind(subject)}`);
  if (unhandled === true) conditions.push('unhandled');
  const isNarrow = conditions.length > 0 || (state === undefined && type === undefined);
  const stateIs = state === undefined ? undefined : bind(state);
  const typeIs = type === undefined ? undefined : bind(type);
  const order = isNarrow ? 'seq' : NEWEST;
  if (isNarrow && stateIs !== undefined) conditions.push(`state = ${stateIs}`);
  if (isNarrow && typeIs !== undefined) conditions.push(`type = ${typeIs}`);
  if (!isNarrow) conditions.push('d.state = there.state', 'd.type = there.type');
  if (below !== undefined) conditions.push(`${order} < ${bind(below)}::bigint`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const newest = `SELECT seq FROM ${deliveries} d ${where} ORDER BY ${order} DESC LIMIT ${most}::bigint`;
  const numbers = isNarrow
    ? newest
    : `WITH RECURSIVE ${kindsThere(deliveries, stateIs, typeIs)}
    SELECT page.seq FROM there CROSS JOIN LATERAL (${newest}) page ORDER BY 1 DESC LIMIT ${most}::bigint`;
  const text = `SELECT seq, ${storedColumns("''::bytea")} FROM ${deliveries} WHERE seq IN (${numbers}) ORDER BY seq DESC`;
  return { text, values };
}

/** A CTE of states and types to look in; a state's types are stepped along their index, however many there are of each. */
function kindsThere(deliveries: string, state?: string, type?: string): string {
  if (type !== undefined) {
    const states = state ?? `unnest('{${DELIVERY_STATES.join()}}'::text[])`;
    return `there (state, type) AS (SELECT ${states}::text, ${type}::text)`;
  }
  const next = (after: string): string =>
    `SELECT d.state, d.type FROM ${deliveries} d WHERE d.state = ${state} ${after} ORDER BY d.type LIMIT 1`;
  return `there AS ((${next('')}) UNION ALL
    SELECT next.* FROM there CROSS JOIN LATERAL (${next('AND d.type > there.type')}) next)`;
}

/** From what was counted as it changed, and from the head of each queue. */
export function stats(database: Database): DurableStore['stats'] {
  const texts = {
    only: statsSql(database.names, 'type <> ALL ($1::text[])'),
    except: statsSql(database.names, 'type = ANY ($1::text[])'),
  };
  return async ({ handled } = {}) => {
    const { only, types } = filterOf(handled);
    const text = only ? texts.only : texts.except;
    const [row] = await database.run({ action: 'count', text, values: [types] });
    if (row === undefined) throw new Error('a count came back without a row');
    return {
      due: numberOf(row, 'due'),
      running: numberOf(row, 'running'),
      done: numberOf(row, 'done'),
      dead: numberOf(row, 'dead'),
      unhandled: numberOf(row, 'unhandled'),
      oldestDueAgeMs: numberOf(row, 'oldest_ms'),
    };
  };
}

/** Lanes below 4 hold what is due, each from the oldest on. */
function statsSql({ deliveries, tally }: Names, isUnhandled: string): string {
  const counted = (which: string): string =>
    `coalesce(sum(deliveries) FILTER (WHERE ${which}), 0)::bigint`;
  return `WITH RECURSIVE ${lanesThere(deliveries)}, oldest AS (
  SELECT min(head.at) AS at FROM there CROSS JOIN LATERAL (
    SELECT d.at FROM ${deliveries} d WHERE ${LANE} = there.lane AND d.type = there.type AND ${OPEN} ORDER BY d.at LIMIT 1
  ) head WHERE there.lane < 4
)
SELECT ${DELIVERY_STATES.map((state) => `${counted(`state = '${state}'`)} AS ${state}`).join(', ')},
  ${counted('unhandled')} + ${counted(`state = 'due' AND ${isUnhandled}`)} AS unhandled,
  greatest(coalesce(floor(extract(epoch FROM now() - (SELECT at FROM oldest)) * 1000), 0), 0)::bigint AS oldest_ms
FROM ${tally}`;
}

/** Since the tables kept keys, or since the newest key that was forgotten, whichever is later. */
export function knownSince(database: Database): DurableStore['knownSince'] {
  // Up to the next whole ms: what happened within the last one may be forgotten.
  const text = `SELECT ceil(extract(epoch FROM greatest(born_at, forgotten_at)) * 1000)::bigint AS since FROM ${database.names.memory}`;
  return async () => {
    const action = 'tell since when it knows';
    const [row] = await database.run({ action, text, values: [], lane: 'work' });
    if (row === undefined) throw new Error('the table memory has lost its row');
    return numberOf(row, 'since');
  };
}
