import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { readStored, storedColumns } from './delivery-row.js';

/** One delivery with its body. */
export function get(database: Database): DurableStore['get'] {
  const text = `SELECT ${storedColumns('raw')} FROM ${database.names.deliveries} WHERE key = $1`;
  return async (key) => {
    const [row] = await database.run({ action: 'look up a delivery', text, values: [key] });
    return row === undefined ? undefined : readStored(row);
  };
}
