import { notifySubjects } from './notify.js';
import { withAttempt } from './codec.js';
import type { Names } from './schema.js';

/**
 * What records and what completes, as functions in the database: their plans are kept from call to call, behind a
 * pooler too, which keeps no prepared statement. Making the plan anew took as long as the work. What they are given
 * comes as one JSON, bodies as one bytea beside it, which travels as it is. A process of the release before calls them
 * too, with less in it: what they are called with only grows.
 */
export function createProcedures(names: Names): readonly string[] {
  return [recordAll(names), completeAll(names)];
}

/** However small the tables were when a plan was made, it goes by the index of keys. */
const KEPT_PLAN =
  'SET enable_seqscan = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan';

/**
 * `told` is null where all were recorded; else it names the others by their places, with state and source of the record
 * that is there, or the state alone where only its key is kept.
 *
 * Numbered in the order of arrival, inserted in the order of keys: two processes that record the same keys at once
 * then wait for each other in one order and cannot deadlock. A key that is there is not tried: its row may be locked
 * for as long as a handler's transaction is open, and may be pruned before its turn, when it would pass for a fresh one.
 *
 * What comes with a token is taken in the same step. It counts as a first start, and waited where it would have waited.
 */
function recordAll(names: Names): string {
  const { quoted, deliveries, sequence, tombstones } = names;
  return `CREATE OR REPLACE FUNCTION ${quoted}.record_all(arrivals json, bodies bytea, channel text, origin text)
RETURNS TABLE (now_ms bigint, known json, notified bigint) LANGUAGE plpgsql ${KEPT_PLAN} AS $$
#variable_conflict use_column
BEGIN
  WITH incoming AS MATERIALIZED (
    SELECT nextval('${sequence}') AS seq, i.*, coalesce(
      (SELECT d.state || ' ' || d.source FROM ${deliveries} d WHERE d.key = i.key),
      (SELECT 'done' FROM ${tombstones} WHERE digest = ${quoted}.key_digest(i.key))) AS there
    FROM ROWS FROM (json_to_recordset(arrivals) AS (key text, subject text, event_id text, type text, version text,
      source text, headers jsonb, received_at float8, state text, reason text, token text, lease_ms float8,
      body_from int, body_length int, reference text)) WITH ORDINALITY AS i(key, subject, event_id, type, version, source,
      headers, received_at, state, reason, token, lease_ms, body_from, body_length, reference, place)
  ), inserted AS (
    INSERT INTO ${deliveries} (key, seq, state, at, ready_at, token, started, counted, last_error, unhandled,
      recorded_at, received_at, subject, event_id, type, version, source, headers, raw, reference)
    SELECT key, seq, state, CASE WHEN state = 'running' THEN now() + lease_ms * interval '1 ms' ELSE now() END,
      CASE WHEN state IN ('due', 'running') THEN now() END, token, (state = 'running')::int, (state = 'running')::int,
      reason, state = 'done', now(), to_timestamp(received_at / 1000), subject, event_id, type, version, source, headers,
      substring(bodies FROM body_from FOR body_length), reference
    FROM incoming WHERE there IS NULL ORDER BY key, place
    ON CONFLICT (key) DO NOTHING
    RETURNING key, seq, state, subject, source
  ), told AS (
    ${notifySubjects("SELECT DISTINCT subject FROM inserted WHERE state = 'due'", 'channel', 'origin')}
  )
  SELECT floor(extract(epoch FROM now()) * 1000)::bigint,
    json_agg(json_build_array(place, coalesce(n.state || ' ' || n.source, there)) ORDER BY place)
      FILTER (WHERE n.seq IS DISTINCT FROM i.seq),
    (SELECT count(*) FROM told)
  INTO now_ms, known, notified
  FROM incoming i LEFT JOIN inserted n ON n.key = i.key;
  IF known IS NOT NULL THEN ${countDuplicates(names)}; END IF;
  RETURN NEXT;
END $$`;
}

/**
 * Of those whose record is there (state and source), each time it came. In the order of keys, as they were inserted and
 * after all of them were: nobody who waits here holds what another waits for.
 */
function countDuplicates({ deliveries, duplicates }: Names): string {
  return `INSERT INTO ${duplicates} AS again (key, times)
    SELECT i.key, count(*) FROM json_array_elements(known) AS told JOIN
      ROWS FROM (json_to_recordset(arrivals) AS (key text)) WITH ORDINALITY AS i(key, place) ON i.place = (told->>0)::bigint
    WHERE told->>1 LIKE '% %' AND EXISTS (SELECT FROM ${deliveries} d WHERE d.key = i.key)
    GROUP BY i.key ORDER BY i.key
    ON CONFLICT (key) DO UPDATE SET times = again.times + excluded.times`;
}

/**
 * The places of those whose claim is lost; null where there are none.
 *
 * While the tables are empty every index looks as good as the next. Asked in this way only one can be used: a range of
 * keys cannot be joined but by looking each up, and inside a CASE no index finds the state.
 */
function completeAll({ quoted, deliveries }: Names): string {
  return `CREATE OR REPLACE FUNCTION ${quoted}.complete_all(completions json)
RETURNS TABLE (lost json) LANGUAGE plpgsql ${KEPT_PLAN} AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH claims AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(completions) AS (claimed text, held_by text, names text[],
      attempt text)) WITH ORDINALITY AS i(claimed, held_by, names, attempt, place)
  ), done AS (
    UPDATE ${deliveries} SET state = 'done', at = now(), token = NULL, finished = started,
      attempts = ${withAttempt('attempt')}, succeeded = CASE WHEN succeeded = '{}' THEN names
        ELSE succeeded || ARRAY(SELECT name FROM unnest(names) AS name WHERE name <> ALL (succeeded)) END
    FROM claims WHERE key >= claimed AND key <= claimed AND CASE WHEN state = 'running' THEN token = held_by END
    RETURNING place
  )
  SELECT json_agg(place) FROM claims WHERE place NOT IN (SELECT place FROM done);
END $$`;
}
