import type { StoredDelivery } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { webhookOf } from './later-webhook.js';
import { COLUMNS, storedOf } from './row.js';

const GET = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE key = ?`;

/** One delivery with its body, and the webhook that came later. */
export function get(db: Connection, key: string): StoredDelivery | undefined {
  const [row] = db.all(GET, [key]);
  if (row === undefined) return undefined;
  const webhook = webhookOf(db, row);
  return { ...storedOf(row), ...(webhook === undefined ? {} : { webhook }) };
}
