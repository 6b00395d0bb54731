import {
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
import { OPEN } from './schema.js';

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

/** Only what is asked for stands in the statement, so that each combination finds its index. */
function listSql(
  deliveries: string,
  { state, type, subject, unhandled }: ListFilter,
  { limit, below }: PageRequest,
): { text: string; values: Value[] } {
  const values: Value[] = [];
  const conditions = Object.entries({
    'state =': state,
    'type =': type,
    'subject =': subject,
    'seq <': below,
  })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([test, value]) => `${test} $${values.push(value)}`);
  if (unhandled === true) conditions.push('unhandled');
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const text = `SELECT seq, ${storedColumns("''::bytea")} FROM ${deliveries} ${where}
ORDER BY seq DESC LIMIT $${values.push(limit + 1)}`;
  return { text, values };
}

/** Counts from the indexes alone. */
export function stats(database: Database): DurableStore['stats'] {
  const { deliveries } = database.names;
  const texts = {
    only: statsSql(deliveries, 'type <> ALL ($1::text[])'),
    except: statsSql(deliveries, 'type = ANY ($1::text[])'),
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

function statsSql(deliveries: string, isUnhandled: string): string {
  return `SELECT count(*) FILTER (WHERE state = 'due') AS due, count(*) FILTER (WHERE state = 'running') AS running,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'done') AS done,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'dead') AS dead,
  (SELECT count(*) FROM ${deliveries} WHERE unhandled) + count(*) FILTER (WHERE state = 'due' AND ${isUnhandled}) AS unhandled,
  greatest(coalesce(floor(extract(epoch FROM now() - min(at) FILTER (WHERE state = 'due')) * 1000), 0), 0)::bigint AS oldest_ms
FROM ${deliveries} WHERE ${OPEN}`;
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
