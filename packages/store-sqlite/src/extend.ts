import type { Claim, ClaimOutcome, ExtendOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { CLAIMED, NOW, WITH_NAMES } from './schema.js';

const EXTEND = `UPDATE {deliveries}
  SET at = ${NOW} + ?, succeeded = ${WITH_NAMES}, started = started + ?, counted = counted + ? WHERE ${CLAIMED}`;

/** Renews the lease, remembers what succeeded, and counts a start when asked. */
export function extend(db: Connection, claim: Claim, options: ExtendOptions): ClaimOutcome {
  const names = JSON.stringify(options.succeeded);
  const starts = options.start === true ? 1 : 0;
  const values = [options.leaseMs, names, names, starts, starts, claim.key, claim.token];
  return db.run(EXTEND, values) > 0 ? 'ok' : 'lost';
}
