import type { Claim, ClaimOutcome, RetryOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { reasonText } from './reason.js';
import { CLAIMED, NOW, WITH_NAMES } from './schema.js';

const RETRY = `UPDATE {deliveries}
  SET state = 'due', at = ${NOW} + ?, changed_at = ${NOW}, last_error = ?, succeeded = ${WITH_NAMES},
      finished = iif(?, started, finished), started = started - iif(?, 0, counted)
  WHERE ${CLAIMED}`;

/** running → due again after `delayMs`; uncounted, it is as if this taking had never been. */
export function retry(db: Connection, claim: Claim, options: RetryOptions): ClaimOutcome {
  const names = JSON.stringify(options.succeeded);
  const counted = options.counted === false ? 0 : 1;
  const changes = [options.delayMs, reasonText(options.error), names, names, counted, counted];
  return db.run(RETRY, [...changes, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}
