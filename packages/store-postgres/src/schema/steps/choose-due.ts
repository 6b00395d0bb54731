import { LANE, OPEN, SUSPECT_LANES } from '../lane.js';
import type { Names } from '../names.js';

/**
 * What may be taken, of each subject the oldest, oldest first. Each lane of each type is read along its index from the
 * oldest on: what is of other types or waits for a later time is never touched. Many of one subject may leave no room
 * for others in a page; the taker then excludes it and asks again.
 *
 * A function, because its plan is kept from call to call: making one anew would cost more than the taking. The plan is
 * the same however small the tables were when it was made.
 */
export function chooseDue({ quoted, deliveries, leases }: Names): string {
  const nextLane = (after: string): string =>
    `SELECT ${LANE} AS lane, d.type FROM ${deliveries} d WHERE ${OPEN} ${after} ORDER BY 1, 2 LIMIT 1`;
  return `CREATE FUNCTION ${quoted}.choose_due(types text[], wanted boolean, except_subjects text[], page_size int, lapsed_limit int)
RETURNS TABLE (key text, at timestamptz, seq bigint, token text) LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH RECURSIVE there AS (
    (${nextLane('')})
    UNION ALL
    SELECT next.* FROM there CROSS JOIN LATERAL (${nextLane(`AND (${LANE}, d.type) > (there.lane, there.type)`)}) next
  ), lanes AS (
    SELECT lane, type, lane IN (${SUSPECT_LANES.join(', ')}) AS suspect,
      CASE WHEN lane < 2 THEN 'infinity' ELSE now() END AS until
    FROM there WHERE (type = ANY (types)) = wanted
  ), candidates AS (
    SELECT page.*, suspect, row_number() OVER (PARTITION BY suspect ORDER BY page.at, page.seq) AS place
    FROM lanes CROSS JOIN LATERAL (
      SELECT d.key, d.subject, d.at, d.seq, d.token FROM ${deliveries} d
      WHERE ${LANE} = lanes.lane AND d.type = lanes.type AND ${OPEN} AND d.at <= lanes.until
        AND d.subject <> ALL (except_subjects)
        AND (lanes.lane < 4 OR NOT EXISTS (
          SELECT FROM ${leases} l WHERE l.key = d.key AND l.token = d.token AND l.until > now()))
      ORDER BY d.at, d.seq LIMIT page_size
    ) page WHERE NOT suspect OR lapsed_limit > 0
  )
  SELECT oldest.key, oldest.at, oldest.seq, oldest.token FROM (
    SELECT DISTINCT ON (c.subject) c.* FROM candidates c
    WHERE NOT suspect OR place <= lapsed_limit ORDER BY c.subject, c.at, c.seq
  ) oldest ORDER BY oldest.at, oldest.seq;
END $$`;
}
