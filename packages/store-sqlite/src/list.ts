import type { DeliveryPage, ListFilter } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { COLUMNS, integer, storedOf } from './row.js';

const PAGE_DEFAULT = 50;
const PAGE_MOST = 1_000;

/** One page, newest first; the cursor is the number of the last row shown. Bodies are not read. */
export function list(db: Connection, filter: ListFilter): DeliveryPage {
  const limit = Math.max(0, Math.min(filter.limit ?? PAGE_DEFAULT, PAGE_MOST));
  const before = filter.cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(filter.cursor) || 0;
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
  const values = [before, ...asked.map(([, value]) => value ?? null), limit + 1];
  const rows = db.all(sql, values);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(storedOf),
    ...(more ? { nextCursor: String(integer(last, 'seq')) } : {}),
  };
}
