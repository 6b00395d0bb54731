import {
  readText,
  storableText,
  type BuryOptions,
  type Claim,
  type ClaimOutcome,
  type Progress,
  type RetryOptions,
  type SettleOptions,
} from '@qbitflow/core/store';
import { LANES, queuedTypes } from './claim.js';
import type { Connection } from './connection.js';
import { checks } from './options.js';
import { keepKeys } from './prune.js';
import {
  attemptOf,
  CLAIMED,
  namesOf,
  NOT_QUEUED,
  NOW,
  WITH_ATTEMPT,
  WITH_NAMES,
} from './schema.js';

const { ageMs, count, delayMs } = checks;

/**
 * SQL for running → done, given the names of handlers twice, the attempt twice and the claim. Only after a lapsed lease is one of them
 * queued: the trigger `_strays` takes that one out, and the others pay nothing for it.
 */
export const COMPLETE = `UPDATE {deliveries}
  SET state = 'done', at = ${NOW}, changed_at = ${NOW}, finished = started, succeeded = ${WITH_NAMES},
      attempts = ${WITH_ATTEMPT}
  WHERE ${CLAIMED}`;

/** running → done. */
export function complete(db: Connection, claim: Claim, progress: Progress): ClaimOutcome {
  const values = [...progressOf(progress), claim.key, claim.token];
  return db.run(COMPLETE, values) > 0 ? 'ok' : 'lost';
}

/** Values for the SQL that ends an attempt, {@link COMPLETE} among it. */
export function progressOf({ succeeded, attempt }: Progress): [string, string, string, string] {
  const names = namesOf(succeeded);
  const record = attemptOf(attempt);
  return [names, names, record, record];
}

// What is put off looks at the clock; what is not is queued at once. What is handed back at once and was
// never tried has been due since it was recorded.
const RETRY = `UPDATE {deliveries}
  SET state = 'due', at = iif(? AND started <= counted, ifnull(due_since, recorded_at), ${NOW} + ?), changed_at = ${NOW},
      last_error = ?, succeeded = ${WITH_NAMES}, attempts = ${WITH_ATTEMPT},
      finished = iif(?, started, finished), started = started - iif(?, 0, counted), head = (? = 0),
      lane = CASE WHEN ? > 0 THEN NULL WHEN ? THEN 0 ELSE started - counted > finished END
  WHERE ${CLAIMED}`;

/** running → due again after `delayMs`; uncounted, it is as if this taking had never been. */
export function retry(db: Connection, claim: Claim, options: RetryOptions): ClaimOutcome {
  const counted = options.counted === false ? 0 : 1;
  const delay = delayMs('delayMs', options.delayMs);
  const untouched = counted === 0 && delay === 0 ? 1 : 0;
  const facts = [untouched, delay, storableText(options.error), ...progressOf(options)];
  const values = [...facts, counted, counted, delay, delay, counted, claim.key, claim.token];
  return db.run(RETRY, values) > 0 ? 'ok' : 'lost';
}

const BURY = `UPDATE {deliveries}
  SET state = 'dead', at = ${NOW}, changed_at = ${NOW}, ${NOT_QUEUED}, finished = started, last_error = ?,
      succeeded = ${WITH_NAMES}, attempts = ${WITH_ATTEMPT}
  WHERE ${CLAIMED}`;

/** running → dead. */
export function bury(db: Connection, claim: Claim, options: BuryOptions): ClaimOutcome {
  const facts = [storableText(options.error), ...progressOf(options)];
  return db.run(BURY, [...facts, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}

const SUBJECT = "SELECT subject FROM {deliveries} WHERE key = ? AND state IN ('dead', 'done')";
// Of a done delivery all handlers run again; of a dead one those that had not succeeded.
const REPLAY = `UPDATE {deliveries}
  SET state = 'due', at = ${NOW}, changed_at = ${NOW}, due_since = ${NOW}, lane = 0, head = 1, unhandled = 0,
      started = 0, counted = 0, finished = 0, succeeded = iif(state = 'done', '[]', succeeded)
  WHERE key = ?`;

/** dead or done → due now. The subject of what was replayed, or `undefined` when the key is neither. */
export function replay(db: Connection, key: string): string | undefined {
  const [ended] = db.all(SUBJECT, [key]);
  if (ended === undefined) return undefined;
  db.run(REPLAY, [key]);
  return readText('subject', ended['subject']);
}

/** Drops a dead letter and keeps its key; whether there was one. */
export function discard(db: Connection, key: string): boolean {
  if (db.run("DELETE FROM {deliveries} WHERE key = ? AND state = 'dead'", [key]) === 0)
    return false;
  keepKeys(db, 1);
  return true;
}

const SETTLE = `UPDATE {deliveries}
  SET state = 'done', at = ${NOW}, changed_at = ${NOW}, unhandled = 1, ${NOT_QUEUED}
  WHERE seq IN (
    SELECT seq FROM {deliveries}
    WHERE head = 1 AND type = ? AND lane = ? AND state = 'due' AND at <= ${NOW} - ? ORDER BY at, seq LIMIT ?)`;

/**
 * due → done and unhandled, for what could have been taken for so long; how many. What an attempt put off is due only
 * when its time has come: another process that handles it may be waiting for that.
 */
export function settleUnhandled(db: Connection, options: SettleOptions): number {
  const limit = count('limit', options.limit);
  const age = ageMs('dueForMs', options.dueForMs);
  if (age === undefined) return 0;
  let settled = 0;
  for (const type of queuedTypes(db, options.types))
    for (const lane of Object.values(LANES))
      // The heads of one round make room for those behind them.
      for (let more = 1; more > 0 && settled < limit; settled += more)
        more = db.run(SETTLE, [type, lane, age, limit - settled]);
  return settled;
}
