import { randomInt } from 'node:crypto';
import { sleep, type Clock } from '@qbitflow/core';
import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import type { Database, Statement } from './database/database.js';
import type { Row } from './database/pg-types.js';
import { numberOf, textOf } from './database/row.js';
import { deliveryColumns, inMs, LATER_COLUMNS, readDelivery, readLater } from './delivery-row.js';
import { countOf, delayOf } from './numbers.js';
import type { Names } from './schema/names.js';
import { filterOf } from './type-filter.js';

/** How often it is looked again when other takers were faster each time. */
const MOST_LOOKS = 5;
const PAUSE_MS = 10;

/** Takes what is due or has a lapsed lease, oldest first. What another taker is just taking is stepped over, not waited for. */
export function takeDue(database: Database, clock: Clock): DurableStore['takeDue'] {
  const text = statement(database.names);

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

  return async ({ limit, leaseMs, types, exceptSubjects = [], lapsedLimit = limit }) => {
    const most = countOf(limit, 'takeDue: limit');
    const lapsed = Math.min(countOf(lapsedLimit, 'takeDue: lapsedLimit'), most);
    const lease = delayOf(leaseMs, 'takeDue: leaseMs');
    if (most === 0) return [];
    const { only, types: named } = filterOf(types);
    // Some more than asked for: other takers may be at the oldest ones.
    const pageSize = most * 2 + 8;
    const values = [most, lease, named, only, exceptSubjects, pageSize, lapsed];
    const rows = await look({ action: 'take work', text, values, lane: 'work' });
    return rows.map(readTaken);
  };
}

function readTaken(row: Row): TakenDelivery {
  return {
    ...readDelivery(row),
    ...readLater(row),
    token: textOf(row, 'token'),
    lapsed: numberOf(row, 'counted') === 0,
    dueSince: numberOf(row, 'due_ms'),
  };
}

/**
 * `counted` is how many starts this taking counted: none after a lapsed lease. Rows are locked one by one, so that of
 * two takers each locks what it takes and no more.
 */
function statement({ quoted, deliveries, laterWebhooks }: Names): string {
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
    token = gen_random_uuid()::text, started = started + fresh::int, counted = fresh::int
  FROM picked WHERE key = picked_key
  RETURNING was_at, seq, token, counted, ${inMs('coalesce(due_since, recorded_at)')} AS due_ms, ${deliveryColumns('raw')}
)
SELECT (SELECT count(*) FROM chosen) AS chosen, taken.*, later.*
FROM (VALUES (1)) one(n) LEFT JOIN taken ON true LEFT JOIN LATERAL (
  SELECT ${LATER_COLUMNS} FROM ${laterWebhooks} later WHERE taken.source <> 'webhook' AND later.key = taken.key LIMIT 1
) later ON true
ORDER BY was_at, seq`;
}
