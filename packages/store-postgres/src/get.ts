import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { LATER_COLUMNS, readLater, readStored, storedColumns } from './delivery-row.js';

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
    if (row === undefined) return undefined;
    const webhook = readLater(row);
    return { ...readStored(row), ...(webhook === undefined ? {} : { webhook }) };
  };
}
