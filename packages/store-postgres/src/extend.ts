import type { Claim, ClaimOutcome, DurableStore, ExtendOptions } from '@qbitflow/core';
import { HELD, heldBy, namesJson, outcomeOf, withNames } from './claim.js';
import type { Database } from './database/database.js';
import { delayOf, startOf } from './numbers.js';
import { renewLeases } from './renew-leases.js';
import type { Names } from './schema/names.js';

/**
 * Renews a lease, remembers successes, notes a start when asked. A renewal alone leaves the delivery's row untouched:
 * a handler's transaction that began before it must still be able to complete.
 */
export function extend(database: Database): DurableStore['extend'] {
  const renew = renewLeases(database);
  const note = noteProgress(database);
  return async (claim, { leaseMs, succeeded, start }) => {
    const lease = delayOf(leaseMs, 'extend: leaseMs');
    if (succeeded.length === 0 && start === undefined) return renew({ claim, leaseMs: lease });
    return note(claim, { leaseMs: lease, succeeded, start });
  };
}

type NoteProgress = (claim: Claim, options: ExtendOptions) => Promise<ClaimOutcome>;

function noteProgress(database: Database): NoteProgress {
  const text = statement(database.names);
  return async (claim, { leaseMs, succeeded, start }) => {
    const started = start === undefined ? null : startOf(start);
    const values = [...heldBy(claim), leaseMs, namesJson(succeeded), started];
    return outcomeOf(await database.run({ action: 'note progress', text, values, lane: 'work' }));
  };
}

/** `counted` grows with `started`, so that handing it back takes both back; asked again, neither moves. */
function statement({ deliveries, leases }: Names): string {
  return `WITH held AS (
  UPDATE ${deliveries}
  SET at = now() + $3::float8 * interval '1 ms', succeeded = ${withNames('$4')},
    started = coalesce($5::int, started), counted = counted + coalesce($5::int, started) - started
  WHERE ${HELD} RETURNING key, token, at
), renewed AS (
  UPDATE ${leases} lease SET until = held.at FROM held WHERE lease.key = held.key AND lease.token = held.token
)
SELECT 1 AS changed FROM held`;
}
