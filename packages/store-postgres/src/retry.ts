import type { DurableStore } from '@qbitflow/core';
import { HELD, heldBy, namesJson, outcomeOf, withNames } from './claim.js';
import type { Database } from './database/database.js';
import type { DueNews } from './notify/due-news.js';
import { notifySubjects } from './notify/payload.js';
import { delayOf } from './numbers.js';

/** running → due again after a delay. What is handed back without one is told to other processes. */
export function retry(database: Database, { origin }: DueNews): DurableStore['retry'] {
  const text = statement(database);
  return async (claim, { delayMs, error, succeeded, counted = true }) => {
    const progress = [delayOf(delayMs, 'retry: delayMs'), error, namesJson(succeeded), counted];
    const values = [...heldBy(claim), ...progress, database.names.channel, origin];
    return outcomeOf(await database.run({ action: 'put off', text, values, lane: 'work' }));
  };
}

/**
 * Handed back uncounted, a delivery loses the starts that this taking counted, and those alone; without a delay it
 * stands where it stood in line before.
 */
function statement({ names: { deliveries } }: Database): string {
  const dueAtOnce = 'CASE WHEN $6::boolean THEN now() ELSE coalesce(ready_at, now()) END';
  return `WITH changed AS (
  UPDATE ${deliveries}
  SET state = 'due', token = NULL, last_error = $4, succeeded = ${withNames('$5')},
    at = CASE WHEN $3::float8 > 0 THEN now() + $3::float8 * interval '1 ms' ELSE ${dueAtOnce} END,
    ready_at = CASE WHEN $3::float8 > 0 THEN NULL ELSE ${dueAtOnce} END,
    finished = CASE WHEN $6::boolean THEN started ELSE finished END,
    started = CASE WHEN $6::boolean THEN started ELSE started - counted END
  WHERE ${HELD} RETURNING subject
), told AS (
  ${notifySubjects('SELECT subject FROM changed WHERE $3::float8 <= 0', '$7', '$8')}
)
SELECT 1 AS changed, (SELECT count(*) FROM told) AS told FROM changed`;
}
