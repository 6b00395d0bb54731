import {
  DELIVERY_STATES,
  MOST_SEARCHED,
  readFilter,
  readPageRequest,
  toPage,
  type DeliveryPage,
  type DurableStore,
  type PageRequest,
  type ReadFilter,
} from '@qbitflow/core/store';
import {
  ATTEMPTS,
  filterOf,
  LATER_COLUMNS,
  numberOf,
  readNumbers,
  readStoredRow,
  storedColumns,
  textOf,
} from './codec.js';
import type { Database } from './database.js';
import { STORE } from './errors.js';
import { LOOKED_AT_ONCE, numbersSql, rowsSql, searchSql, type Query } from './page.js';
import type { Row } from './pool.js';
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
    const asked = readFilter(STORE, filter);
    const { error } = asked;
    if (error !== undefined) return searched(database, { ...asked, error }, request);
    const { text, values } = numbersSql(database.names, asked, request);
    const rows = await ask(database, { text: rowsSql(database.names, text), values });
    return pageOf(request, rows, undefined);
  };
}

const ask = async (database: Database, query: Query): Promise<readonly Row[]> =>
  database.run({ action: 'list deliveries', ...query });

function pageOf(
  request: PageRequest,
  rows: readonly Row[],
  stoppedAt: string | undefined,
): DeliveryPage {
  const sequenceOf = (row: Row): string => textOf(row, 'seq');
  return toPage(STORE, request, { rows, read: readStoredRow, sequenceOf, stoppedAt });
}

/**
 * Looks step by step until there is enough for the page, nothing is left, or as much was looked at as a page may: a step
 * for all of it would be planned as if nothing fitted.
 */
async function searched(
  database: Database,
  filter: ReadFilter & { readonly error: string },
  request: PageRequest,
): Promise<DeliveryPage> {
  const most = request.limit + 1;
  const found: string[] = [];
  let { below } = request;
  let stoppedAt: string | undefined;
  for (let left = MOST_SEARCHED; left > 0 && found.length < most; left -= LOOKED_AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    const [row] = await ask(database, searchSql(database.names, filter, below));
    if (row === undefined) throw new Error('a search was answered without a row');
    found.push(...readNumbers(row['found']));
    const isLast = numberOf(row, 'looked') < LOOKED_AT_ONCE;
    stoppedAt = isLast ? undefined : textOf(row, 'last');
    if (isLast) break;
    below = stoppedAt;
  }
  const shown = found.slice(0, most);
  if (shown.length === 0) return pageOf(request, [], stoppedAt);
  const text = rowsSql(database.names, 'SELECT unnest($1::bigint[])');
  const rows = await ask(database, { text, values: [shown] });
  return pageOf(request, rows, shown.length === most ? shown.at(-1) : stoppedAt);
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
