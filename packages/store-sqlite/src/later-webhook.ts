import type { LaterWebhook } from '@qbitflow/core';
import type { Connection } from './connection.js';
import type { Row } from './driver/driver.js';
import { integer, webhookFacts } from './row.js';

const BESIDE =
  'SELECT id, version, received_at, headers, raw FROM {deliveries}_webhooks WHERE seq = ?';

/** The webhook kept beside a delivery that a look had recorded, if one came. */
export function webhookOf(db: Connection, row: Row): LaterWebhook | undefined {
  if (row['source'] === 'webhook') return undefined;
  const [beside] = db.all(BESIDE, [integer(row, 'seq')]);
  return beside === undefined ? undefined : webhookFacts(beside);
}
