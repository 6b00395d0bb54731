import {
  DELIVERY_STATES,
  readFilter,
  readPageRequest,
  toPage,
  type DurableStore,
} from '@qbitflow/core/store';
import {
  ATTEMPTS,
  filterOf,
  LATER_COLUMNS,
  numberOf,
  readStoredRow,
  storedColumns,
  textOf,
} from './codec.js';
import type { Database } from './database.js';
import { STORE } from './errors.js';
import { pageSql } from './page.js';
import { LANE, lanesThere, OPEN, type Names } from './schema.js';

/** One delivery with its body and its attempts, and the webhook's where a look was first. */
export function get(database: Database): DurableStore['get'] {
  const { names } = database;
  const columns = storedColumns(names, { raw: 'raw', attempts: ATTEMPTS });
  const text = `SELECT found.*, ${LATER_COLUMNS}
FROM (SELECT ${columns} FROM ${names.deliveries} d WHERE key = $1) found LEFT JOIN ${names.laterWebhooks} later USING (key)`;
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
    const { text, values } = pageSql(database.names, readFilter(STORE, filter), request);
    const answer = await database.run({ action: 'list deliveries', text, values });
    const edge = answer[0]?.['edge'];
    return toPage(STORE, request, {
      rows: answer.filter((row) => row['seq'] !== null),
      read: readStoredRow,
      sequenceOf: (row) => textOf(row, 'seq'),
      stoppedAt: typeof edge === 'string' ? edge : undefined,
    });
  };
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
