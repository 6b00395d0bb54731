import type { BuryOptions, Claim, ClaimOutcome } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { reasonText } from './reason.js';
import { CLAIMED, NOW, OUT_OF_LINE, WITH_NAMES } from './schema.js';

const BURY = `UPDATE {deliveries}
  SET state = 'dead', at = ${NOW}, changed_at = ${NOW}, ${OUT_OF_LINE}, finished = started, last_error = ?,
      succeeded = ${WITH_NAMES}
  WHERE ${CLAIMED}`;

/** running → dead. */
export function bury(
  db: Connection,
  claim: Claim,
  { error, succeeded }: BuryOptions,
): ClaimOutcome {
  const names = JSON.stringify(succeeded);
  return db.run(BURY, [reasonText(error), names, names, claim.key, claim.token]) > 0
    ? 'ok'
    : 'lost';
}
