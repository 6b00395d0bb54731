import type { Claim, ClaimOutcome, Progress } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { CLAIMED, NOW, OUT_OF_LINE, WITH_NAMES } from './schema.js';

/** SQL for running → done, given the names of handlers twice and the claim. */
export const COMPLETE = `UPDATE {deliveries}
  SET state = 'done', at = ${NOW}, changed_at = ${NOW}, ${OUT_OF_LINE}, finished = started, succeeded = ${WITH_NAMES}
  WHERE ${CLAIMED}`;

/** running → done. */
export function complete(db: Connection, claim: Claim, { succeeded }: Progress): ClaimOutcome {
  const names = JSON.stringify(succeeded);
  return db.run(COMPLETE, [names, names, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}
