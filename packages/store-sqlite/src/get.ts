import type { StoredDelivery } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { COLUMNS, storedOf } from './row.js';

const GET = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE key = ?`;

/** One delivery with its body. */
export function get(db: Connection, key: string): StoredDelivery | undefined {
  const [row] = db.all(GET, [key]);
  return row === undefined ? undefined : storedOf(row);
}
