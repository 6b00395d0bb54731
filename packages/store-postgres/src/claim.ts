import { randomInt } from 'node:crypto';
import {
  groupCommit,
  holderMark,
  sleep,
  type Claim,
  type ClaimOutcome,
  type Clock,
  type DurableStore,
  type ExtendOptions,
} from '@qbitflow/core/store';
import {
  checks,
  deliveryColumns,
  filterOf,
  inMs,
  LATER_COLUMNS,
  numberOf,
  readTakenRow,
  writeNames,
} from './codec.js';
import type { Database, Statement } from './database.js';
import { STORE } from './errors.js';
import type { Row } from './pool.js';
import type { Names } from './schema.js';
import { HELD, heldBy, outcomeOf, withNames } from './transitions.js';

/** How often it is looked again when other takers were faster each time. */
const MOST_LOOKS = 5;
const PAUSE_MS = 10;

/** Takes what is due or has a lapsed lease, oldest first. What another taker is just taking is stepped over, not waited for. */
export function takeDue(database: Database, clock: Clock): DurableStore['takeDue'] {
  const text = takeSql(database.names);

  /** Everything chosen was taken by others meanwhile: that is not to say that nothing is due. */
  async function look(asked: Statement, looks = 1): Promise<readonly Row[]> {
    const rows = await database.run(asked);
    const taken = rows.filter((row) => row['key'] !== null);
    const [first] = rows;
    if (taken.length > 0 || first === undefined || numberOf(first, 'chosen') === 0) return taken;
    if (looks >= MOST_LOOKS) return [];
    await sleep(clock, randomInt(1, PAUSE_MS));
    return look(asked, looks + 1);
  }

  return async ({ limit, leaseMs, types, exceptSubjects = [], lapsedLimit = limit, holder }) => {
    const most = checks.count('limit', limit);
    const lapsed = Math.min(checks.count('lapsedLimit', lapsedLimit), most);
    const lease = checks.delayMs('leaseMs', leaseMs);
    if (most === 0) return [];
    const { only, types: named } = filterOf(types);
    // Some more than asked for: other takers may be at the oldest ones.
    const pageSize = most * 2 + 8;
    const values = [
      most,
      lease,
      named,
      only,
      exceptSubjects,
      pageSize,
      lapsed,
      holderMark(STORE, holder),
    ];
    const rows = await look({ action: 'take work', text, values, lane: 'work' });
    return rows.map(readTakenRow);
  };
}

/**
 * `counted` is how many starts this taking counted: none after a lapsed lease. Rows are locked one by one, so that of
 * two takers each locks what it takes and no more.
 */
function takeSql({ quoted, deliveries, laterWebhooks }: Names): string {
  return `WITH chosen AS MATERIALIZED (
  SELECT * FROM ${quoted}.choose_due($3::text[], $4::boolean, $5::text[], $6::int, $7::int)
), picked AS (
  SELECT locked.* FROM chosen CROSS JOIN LATERAL (
    SELECT d.key AS picked_key, d.at AS was_at, d.started <= d.finished AS fresh FROM ${deliveries} d
    WHERE d.key = chosen.key AND d.at = chosen.at AND d.state IN ('due', 'running') AND d.token IS NOT DISTINCT FROM chosen.token
    FOR UPDATE SKIP LOCKED
  ) locked LIMIT $1::int
), taken AS (
  UPDATE ${deliveries} SET state = 'running', at = now() + $2::float8 * interval '1 ms',
    ready_at = CASE WHEN state = 'due' THEN at ELSE ready_at END,
    token = gen_random_uuid()::text || $8::text, taken_at = now(), started = started + fresh::int, counted = fresh::int
  FROM picked WHERE key = picked_key
  RETURNING was_at, seq, token, counted, ${inMs('coalesce(due_since, recorded_at)')} AS due_ms, ${deliveryColumns('raw')}
)
SELECT (SELECT count(*) FROM chosen) AS chosen, taken.*, later.*
FROM (VALUES (1)) one(n) LEFT JOIN taken ON true LEFT JOIN LATERAL (
  SELECT ${LATER_COLUMNS} FROM ${laterWebhooks} later WHERE taken.source <> 'webhook' AND later.key = taken.key LIMIT 1
) later ON true
ORDER BY was_at, seq`;
}

/**
 * Renews a lease, remembers successes, notes a start when asked. A renewal alone leaves the delivery's row untouched:
 * a handler's transaction that began before it must still be able to complete.
 */
export function extend(database: Database): DurableStore['extend'] {
  const renew = renewLeases(database);
  const note = noteProgress(database);
  return async (claim, { leaseMs, succeeded, start }) => {
    const lease = checks.delayMs('leaseMs', leaseMs);
    if (succeeded.length === 0 && start === undefined) return renew({ claim, leaseMs: lease });
    return note(claim, { leaseMs: lease, succeeded, start });
  };
}

type NoteProgress = (claim: Claim, options: ExtendOptions) => Promise<ClaimOutcome>;

function noteProgress(database: Database): NoteProgress {
  const text = progressSql(database.names);
  return async (claim, { leaseMs, succeeded, start }) => {
    const started = start === undefined ? null : checks.starts('start', start);
    const values = [...heldBy(claim), leaseMs, writeNames(succeeded), started];
    return outcomeOf(await database.run({ action: 'note progress', text, values, lane: 'work' }));
  };
}

/** `counted` grows with `started`, so that handing it back takes both back; asked again, neither moves. */
function progressSql({ deliveries, leases }: Names): string {
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

interface Renewal {
  readonly claim: Claim;
  readonly leaseMs: number;
}

/** Renews leases beside their deliveries. Renewals that arrive while one statement is in flight go together in the next. */
function renewLeases(database: Database): (renewal: Renewal) => Promise<ClaimOutcome> {
  const text = renewSql(database.names);
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
function renewSql({ deliveries, leases }: Names): string {
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
