import type { DurableStore } from '@qbitflow/core';
import { HELD, heldBy, namesJson, outcomeOf, withNames } from './claim.js';
import type { Database } from './database/database.js';

/** running → dead. */
export function bury(database: Database): DurableStore['bury'] {
  const text = `UPDATE ${database.names.deliveries}
SET state = 'dead', at = now(), token = NULL, finished = started, last_error = $3, succeeded = ${withNames('$4')}
WHERE ${HELD} RETURNING 1 AS changed`;
  return async (claim, { error, succeeded }) => {
    const values = [...heldBy(claim), error, namesJson(succeeded)];
    return outcomeOf(await database.run({ action: 'bury', text, values, lane: 'work' }));
  };
}
