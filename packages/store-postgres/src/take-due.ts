import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import type { Database } from './database/database.js';
import type { Row } from './database/pg-types.js';
import { numberOf, textOf } from './database/row.js';
import { deliveryColumns, readDelivery } from './delivery-row.js';

/** Takes what is due or has a lapsed lease, oldest first. What another taker is just taking is stepped over, not waited for. */
export function takeDue(database: Database): DurableStore['takeDue'] {
  const text = statement(database.names.deliveries);
  return async ({ limit, leaseMs }) => {
    if (limit <= 0) return [];
    const rows = await database.run({ action: 'take work', text, values: [limit, leaseMs] });
    return rows.map(readTaken);
  };
}

function readTaken(row: Row): TakenDelivery {
  const lapsed = numberOf(row, 'counted') === 0;
  return { ...readDelivery(row), token: textOf(row, 'token'), lapsed };
}

/** `counted` is how many starts this taking counted: none after a lapsed lease. */
function statement(deliveries: string): string {
  return `WITH picked AS (
  SELECT key AS picked_key, at AS was_at, started <= finished AS fresh FROM ${deliveries}
  WHERE state IN ('due', 'running') AND at <= now()
  ORDER BY at, seq LIMIT $1::int FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE ${deliveries} SET state = 'running', at = now() + $2::float8 * interval '1 ms',
    token = gen_random_uuid()::text, started = started + fresh::int, counted = fresh::int
  FROM picked WHERE key = picked_key
  RETURNING was_at, seq, token, counted, ${deliveryColumns('raw')}
)
SELECT * FROM taken ORDER BY was_at, seq`;
}
