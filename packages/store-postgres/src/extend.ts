import type { DurableStore } from '@qbitflow/core';
import { HELD, heldBy, namesJson, outcomeOf, withNames } from './claim.js';
import type { Database } from './database/database.js';

/** Renews a lease, remembers successes, counts a start when asked. */
export function extend(database: Database): DurableStore['extend'] {
  const text = `UPDATE ${database.names.deliveries}
SET at = now() + $3::float8 * interval '1 ms', succeeded = ${withNames('$4')},
  started = started + $5::int, counted = counted + $5::int
WHERE ${HELD} RETURNING 1 AS changed`;
  return async (claim, { leaseMs, succeeded, start = false }) => {
    const values = [...heldBy(claim), leaseMs, namesJson(succeeded), start ? 1 : 0];
    return outcomeOf(await database.run({ action: 'renew a lease', text, values }));
  };
}
