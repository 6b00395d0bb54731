import type { Claim, ClaimOutcome, ExtendOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { countOf, waitMs } from './numbers.js';
import { CLAIMED, NOW, OUT_OF_LINE, WITH_NAMES } from './schema.js';

const EXTEND = `UPDATE {deliveries}
  SET at = ${NOW} + ?, ${OUT_OF_LINE}, succeeded = ${WITH_NAMES},
      counted = counted + ifnull(? - started, 0), started = ifnull(?, started)
  WHERE ${CLAIMED}`;

/** Renews the lease, remembers what succeeded, and sets the number of starts when asked. */
export function extend(db: Connection, claim: Claim, options: ExtendOptions): ClaimOutcome {
  const names = JSON.stringify(options.succeeded);
  const start = options.start === undefined ? null : countOf('start', options.start);
  const values = [waitMs('leaseMs', options.leaseMs), names, names, start, start];
  return db.run(EXTEND, [...values, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}
