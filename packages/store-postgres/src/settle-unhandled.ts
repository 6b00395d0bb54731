import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { ageOf, countOf } from './numbers.js';
import { LANE, OPEN } from './schema/lane.js';
import { filterOf } from './type-filter.js';

/** due → done and unhandled, of some types. What waits for a retry's time is not due. */
export function settleUnhandled(database: Database): DurableStore['settleUnhandled'] {
  const texts = {
    only: statement(database.names.deliveries, 'type = ANY'),
    except: statement(database.names.deliveries, 'type <> ALL'),
  };
  return async ({ types, dueForMs, limit }) => {
    const most = countOf(limit, 'settleUnhandled: limit');
    const age = ageOf(dueForMs, 'settleUnhandled: dueForMs');
    if (most === 0 || age === undefined) return 0;
    const { only, types: named } = filterOf(types);
    const text = only ? texts.only : texts.except;
    const rows = await database.run({ action: 'settle', text, values: [named, age, most] });
    return rows.length;
  };
}

function statement(deliveries: string, isMeant: string): string {
  return `UPDATE ${deliveries} SET state = 'done', at = now(), unhandled = true WHERE key IN (
  SELECT key FROM ${deliveries}
  WHERE ${OPEN} AND state = 'due' AND (${LANE} < 2 OR at <= now()) AND ${isMeant} ($1::text[])
    AND coalesce(due_since, recorded_at) <= now() - $2::float8 * interval '1 ms'
  ORDER BY at, seq LIMIT $3::int FOR UPDATE SKIP LOCKED
) RETURNING 1 AS settled`;
}
