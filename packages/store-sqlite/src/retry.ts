import type { Claim, ClaimOutcome, RetryOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { waitMs } from './numbers.js';
import { reasonText } from './reason.js';
import { CLAIMED, NOW, WITH_NAMES } from './schema.js';

// What is put off looks at the clock; what is not goes straight back into the line. What is handed back at once and was
// never tried has been due since it was recorded.
const RETRY = `UPDATE {deliveries}
  SET state = 'due', at = iif(? AND started <= counted, ifnull(due_since, recorded_at), ${NOW} + ?), changed_at = ${NOW},
      last_error = ?, succeeded = ${WITH_NAMES},
      finished = iif(?, started, finished), started = started - iif(?, 0, counted), head = (? = 0),
      lane = CASE WHEN ? > 0 THEN NULL WHEN ? THEN 0 ELSE started - counted > finished END
  WHERE ${CLAIMED}`;

/** running → due again after `delayMs`; uncounted, it is as if this taking had never been. */
export function retry(db: Connection, claim: Claim, options: RetryOptions): ClaimOutcome {
  const names = JSON.stringify(options.succeeded);
  const counted = options.counted === false ? 0 : 1;
  const delay = waitMs('delayMs', options.delayMs);
  const untouched = counted === 0 && delay === 0 ? 1 : 0;
  const facts = [untouched, delay, reasonText(options.error), names, names];
  const values = [...facts, counted, counted, delay, delay, counted, claim.key, claim.token];
  return db.run(RETRY, values) > 0 ? 'ok' : 'lost';
}
