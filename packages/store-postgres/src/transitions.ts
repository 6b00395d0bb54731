import {
  groupCommit,
  type Claim,
  type ClaimOutcome,
  type DurableStore,
} from '@qbitflow/core/store';
import {
  checks,
  filterOf,
  readPlaces,
  textOf,
  withAttempt,
  writeAttempt,
  writeJson,
  writeNames,
} from './codec.js';
import type { Database } from './database.js';
import { notifySubjects, type DueNotifier } from './notify.js';
import type { Row } from './pool.js';
import { LANE, OPEN } from './schema.js';

/** SQL: the row that a claim's key ($1) and token ($2) still hold. */
export const HELD = "key = $1 AND token = $2 AND state = 'running'";

/** SQL: what is remembered, with the names of a JSON list ({@link writeNames}) added that are new. */
export const withNames = (json: string): string =>
  `succeeded || ARRAY(SELECT name FROM jsonb_array_elements_text(${json}::jsonb) AS name WHERE name <> ALL (succeeded))`;

/** Values for {@link HELD}. */
export const heldBy = ({ key, token }: Claim): [string, string] => [key, token];

/** What the rows that a transition changed say. */
export const outcomeOf = (rows: readonly Row[]): ClaimOutcome => (rows.length > 0 ? 'ok' : 'lost');

interface Completion {
  readonly claimed: string;
  readonly held_by: string;
  /** Handlers that succeeded, each once. */
  readonly names: readonly string[];
  readonly attempt?: string | null;
}

/** running → done. Completions that arrive while one statement is in flight go together in the next. */
export function complete(database: Database): DurableStore['complete'] {
  const text = `SELECT lost FROM ${database.names.quoted}.complete_all($1::json)`;
  const submit = groupCommit(async (group: readonly Completion[]) => {
    const values = [writeJson(group)];
    const [row] = await database.run({ action: 'complete', text, values, lane: 'work' });
    if (row === undefined) throw new Error('complete was answered without a row');
    const lost = readPlaces(row['lost']);
    return group.map((_completion, place): ClaimOutcome => (lost.has(place) ? 'lost' : 'ok'));
  });
  return async ({ key, token }, { succeeded, attempt }) => {
    const names = [...new Set(succeeded)];
    return submit({ claimed: key, held_by: token, names, attempt: writeAttempt(attempt) });
  };
}

/** running → due again after a delay. Other processes are notified of what is handed back without one. */
export function retry(database: Database, { origin }: DueNotifier): DurableStore['retry'] {
  const text = retrySql(database);
  return async (claim, { delayMs, error, succeeded, attempt, counted = true }) => {
    const progress = [checks.delayMs('delayMs', delayMs), error, writeNames(succeeded), counted];
    const said = [database.names.channel, origin, writeAttempt(attempt)];
    const values = [...heldBy(claim), ...progress, ...said];
    return outcomeOf(await database.run({ action: 'put off', text, values, lane: 'work' }));
  };
}

/**
 * Handed back uncounted, a delivery loses the starts that this taking counted, and those alone; without a delay it
 * waits where it waited before.
 */
function retrySql({ names: { deliveries } }: Database): string {
  const dueAtOnce = 'CASE WHEN $6::boolean THEN now() ELSE coalesce(ready_at, now()) END';
  return `WITH changed AS (
  UPDATE ${deliveries}
  SET state = 'due', token = NULL, last_error = $4, succeeded = ${withNames('$5')}, attempts = ${withAttempt('$9::text')},
    at = CASE WHEN $3::float8 > 0 THEN now() + $3::float8 * interval '1 ms' ELSE ${dueAtOnce} END,
    ready_at = CASE WHEN $3::float8 > 0 THEN NULL ELSE ${dueAtOnce} END,
    finished = CASE WHEN $6::boolean THEN started ELSE finished END,
    started = CASE WHEN $6::boolean THEN started ELSE started - counted END
  WHERE ${HELD} RETURNING subject
), told AS (
  ${notifySubjects('SELECT subject FROM changed WHERE $3::float8 <= 0', '$7', '$8')}
)
SELECT 1 AS changed, (SELECT count(*) FROM told) AS told FROM changed`;
}

/** running → dead. */
export function bury(database: Database): DurableStore['bury'] {
  const text = `UPDATE ${database.names.deliveries}
SET state = 'dead', at = now(), token = NULL, finished = started, last_error = $3, succeeded = ${withNames('$4')},
  attempts = ${withAttempt('$5::text')}
WHERE ${HELD} RETURNING 1 AS changed`;
  return async (claim, { error, succeeded, attempt }) => {
    const values = [...heldBy(claim), error, writeNames(succeeded), writeAttempt(attempt)];
    return outcomeOf(await database.run({ action: 'bury', text, values, lane: 'work' }));
  };
}

/** dead or done → due now, counters at zero; successes are remembered for a dead letter and forgotten for a done one. */
export function replay(database: Database, notifier: DueNotifier): DurableStore['replay'] {
  const { deliveries, channel } = database.names;
  const text = `WITH changed AS (
  UPDATE ${deliveries} SET state = 'due', at = now(), ready_at = now(), due_since = now(), token = NULL,
    started = 0, finished = 0, counted = 0, unhandled = false,
    succeeded = CASE WHEN state = 'done' THEN '{}' ELSE succeeded END
  WHERE key = $1 AND state IN ('dead', 'done') RETURNING subject
), told AS (
  ${notifySubjects('SELECT subject FROM changed', '$2', '$3')}
)
SELECT subject, (SELECT count(*) FROM told) AS told FROM changed`;
  return async (key) => {
    const values = [key, channel, notifier.origin];
    const rows = await database.run({ action: 'replay', text, values });
    notifier.notify(rows.map((row) => ({ subject: textOf(row, 'subject') })));
    return rows.length > 0;
  };
}

/** Drops a dead letter; a guard keeps its key. */
export function discard(database: Database): DurableStore['discard'] {
  const text = `DELETE FROM ${database.names.deliveries} WHERE key = $1 AND state = 'dead' RETURNING 1 AS gone`;
  return async (key) => {
    const rows = await database.run({ action: 'discard', text, values: [key] });
    return rows.length > 0;
  };
}

/** due → done and unhandled, of some types. What waits for a retry's time is not due. */
export function settleUnhandled(database: Database): DurableStore['settleUnhandled'] {
  const texts = {
    only: settleSql(database.names.deliveries, 'type = ANY'),
    except: settleSql(database.names.deliveries, 'type <> ALL'),
  };
  return async ({ types, dueForMs, limit }) => {
    const most = checks.count('limit', limit);
    const age = checks.ageMs('dueForMs', dueForMs);
    if (most === 0 || age === undefined) return 0;
    const { only, types: named } = filterOf(types);
    const text = only ? texts.only : texts.except;
    const rows = await database.run({ action: 'settle', text, values: [named, age, most] });
    return rows.length;
  };
}

function settleSql(deliveries: string, isMeant: string): string {
  return `UPDATE ${deliveries} SET state = 'done', at = now(), unhandled = true WHERE key IN (
  SELECT key FROM ${deliveries}
  WHERE ${OPEN} AND state = 'due' AND (${LANE} < 2 OR at <= now()) AND ${isMeant} ($1::text[])
    AND coalesce(due_since, recorded_at) <= now() - $2::float8 * interval '1 ms'
  ORDER BY at, seq LIMIT $3::int FOR UPDATE SKIP LOCKED
) RETURNING 1 AS settled`;
}
