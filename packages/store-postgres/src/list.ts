import type { DeliveryPage, DurableStore, ListFilter } from '@qbitflow/core';
import type { Database, Value } from './database/database.js';
import { textOf } from './database/row.js';
import { readStored, storedColumns } from './delivery-row.js';

const PAGE_DEFAULT = 50;
const PAGE_MOST = 1_000;
/** A cursor is a place in the order of recording; anything else is not one of ours. */
const CURSOR = /^\d{1,18}$/;

/** Deliveries newest first, without bodies. A cursor that is not ours gives an empty page. */
export function list(database: Database): DurableStore['list'] {
  return async (filter): Promise<DeliveryPage> => {
    const { cursor } = filter;
    if (cursor !== undefined && !CURSOR.test(cursor)) return { items: [] };
    const limit = Math.max(Math.min(filter.limit ?? PAGE_DEFAULT, PAGE_MOST), 0);
    const { text, values } = statement(database.names.deliveries, filter, limit + 1);
    const rows = await database.run({ action: 'list deliveries', text, values });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(readStored),
      ...(rows.length > limit && last !== undefined ? { nextCursor: textOf(last, 'seq') } : {}),
    };
  };
}

/** Only what is asked for stands in the statement, so that each combination finds its index. */
function statement(
  deliveries: string,
  { state, type, subject, cursor, unhandled }: ListFilter,
  limit: number,
): { text: string; values: Value[] } {
  const values: Value[] = [];
  const conditions = Object.entries({
    'state =': state,
    'type =': type,
    'subject =': subject,
    'seq <': cursor,
  })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([test, value]) => `${test} $${values.push(value)}`);
  if (unhandled === true) conditions.push('unhandled');
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const text = `SELECT seq, ${storedColumns("''::bytea")} FROM ${deliveries} ${where}
ORDER BY seq DESC LIMIT $${values.push(limit)}`;
  return { text, values };
}
