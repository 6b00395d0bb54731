import { groupCommit, type Claim, type ClaimOutcome } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { numberOf } from './database/row.js';
import type { Names } from './schema/names.js';

interface Renewal {
  readonly claim: Claim;
  readonly leaseMs: number;
}

/** Renews leases beside their deliveries. Renewals that arrive while one statement is in flight go together in the next. */
export function renewLeases(database: Database): (renewal: Renewal) => Promise<ClaimOutcome> {
  const text = statement(database.names);
  return groupCommit(async (group: readonly Renewal[]) => {
    const values = [
      group.map(({ claim }) => claim.key),
      group.map(({ claim }) => claim.token),
      group.map(({ leaseMs }) => leaseMs),
    ];
    const rows = await database.run({ action: 'renew leases', text, values, lane: 'record' });
    const renewed = new Set(rows.map((row) => numberOf(row, 'ord')));
    return group.map((_renewal, index): ClaimOutcome => (renewed.has(index + 1) ? 'ok' : 'lost'));
  });
}

/**
 * FOR KEY SHARE keeps takers away until the renewal is committed, whom the guard then stops, and lets through the
 * transactions of handlers, who hold the row for as long as they like. Only a shorter lease than before has to change
 * the row.
 */
function statement({ deliveries, leases }: Names): string {
  return `WITH asked AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::float8[]) WITH ORDINALITY AS asked(claimed, held_by, lease_ms, ord)
), held AS MATERIALIZED (
  SELECT d.key, d.token, d.at, asked.ord, now() + asked.lease_ms * interval '1 ms' AS until
  FROM ${deliveries} d JOIN asked ON d.key = claimed AND d.token = held_by WHERE d.state = 'running'
  ORDER BY d.key FOR KEY SHARE OF d
), renewed AS (
  INSERT INTO ${leases} (key, token, until)
  SELECT key, token, min(until) FROM held GROUP BY key, token ORDER BY key
  ON CONFLICT (key) DO UPDATE SET token = excluded.token, until = excluded.until
), shortened AS (
  UPDATE ${deliveries} d SET at = held.until FROM held WHERE d.key = held.key AND held.until < held.at
)
SELECT ord FROM held`;
}
